"""Files of interval values as tables: which column is what, in which of the two forms."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from python_calamine import CalamineWorkbook

from metercash.contexts.metering.contracts import FileUnreadable
from metercash.contexts.metering.core.slots import SLOTS


METER_NAMES = ("表号", "电表号", "热表号", "表计编号", "资产编号", "meter_no", "device_no", "meter")
TIME_NAMES = ("时间", "数据时间", "起始时间", "timestamp", "time", "start")
DATE_NAMES = ("日期", "数据日期", "date", "day")
VALUE_NAMES = ("数值", "电量", "热量", "用量", "value", "kwh", "gj")
UNIT_NAMES = ("单位", "unit")
WIDTHS = (SLOTS, SLOTS // 2, SLOTS // 4)
CELLS_MAX = 400_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """A recognized file.

    Attributes:
        frame: Columns ``row`` (1 is the header), ``meter``, ``unit`` (text or null) and either ``time`` and
            ``value`` or ``day`` and the value columns.
        values: Names of the value columns; one in the long form.
        wide: A row is a day, not a value.
    """

    frame: pl.DataFrame
    values: Sequence[str]
    wide: bool


def read(content: bytes, filename: str) -> Table:
    """Recognize a CSV, Parquet or Excel file.

    Raises:
        FileUnreadable: if it is none of these or lacks a needed column.
    """
    frame = _frame(content, filename)
    if frame.height * frame.width > CELLS_MAX:
        raise FileUnreadable(reason="文件过大，请分批导入")
    names = {str(name).strip().lower(): name for name in frame.columns}
    meter = _find(names, METER_NAMES)
    if meter is None:
        raise FileUnreadable(reason="缺少“表号”列")
    unit, time, day, value = (
        _find(names, known) for known in (UNIT_NAMES, TIME_NAMES, DATE_NAMES, VALUE_NAMES)
    )
    kept = [
        pl.int_range(2, frame.height + 2, dtype=pl.Int64).alias("row"),
        pl.col(meter).cast(pl.String).str.strip_chars().alias("meter"),
        (pl.lit(None, pl.String) if unit is None else pl.col(unit).cast(pl.String)).alias("unit"),
    ]
    if time is not None and value is not None:
        long = frame.select(*kept, pl.col(time).alias("time"), pl.col(value).alias("value"))
        return Table(long, ("value",), wide=False)
    values = [name for name in frame.columns if name not in (meter, unit, day)]
    if day is None or len(values) not in WIDTHS:
        raise FileUnreadable(
            reason=f"需要“时间、数值”两列，或“日期”和 24、48、96 个数值列（现有 {len(values)} 列）"
        )
    return Table(frame.select(*kept, pl.col(day).alias("day"), *values), tuple(values), wide=True)


def _find(names: dict[str, str], known: Sequence[str]) -> str | None:
    return next((names[name] for name in known if name in names), None)


def _frame(content: bytes, filename: str) -> pl.DataFrame:
    ending = filename.rsplit(".", 1)[-1].lower()
    try:
        if ending == "parquet":
            return pl.read_parquet(io.BytesIO(content))
        if ending in ("xlsx", "xls", "xlsm", "ods"):
            return _excel(content)
        if ending in ("csv", "txt"):
            return pl.read_csv(_utf8(content), infer_schema=False, truncate_ragged_lines=True)
    except FileUnreadable:
        raise
    except (pl.exceptions.PolarsError, ValueError, OSError, ArithmeticError) as error:
        raise FileUnreadable(reason=f"内容不是有效的 {ending} 文件") from error
    raise FileUnreadable(reason="只接受 CSV、Parquet 或 Excel 文件")


def _utf8(content: bytes) -> bytes:
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return content.decode("gb18030").encode()
        except UnicodeDecodeError as error:
            raise FileUnreadable(reason="文字编码既不是 UTF-8 也不是 GB18030") from error
    return content


def _excel(content: bytes) -> pl.DataFrame:
    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except Exception as error:
        # The reader raises classes of its own, and plain ones for damaged archives.
        raise FileUnreadable(reason="内容不是有效的 Excel 文件") from error
    if not rows:
        raise FileUnreadable(reason="表格是空的")
    header = [_text(cell) or f"column_{index}" for index, cell in enumerate(rows[0])]
    if len(set(header)) != len(header):
        raise FileUnreadable(reason="表头有重复的列名")
    data = [[_text(cell) for cell in row] for row in rows[1:]]
    return pl.DataFrame(data, schema=dict.fromkeys(header, pl.String), orient="row")


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
