"""Reading a table out of an uploaded file: Excel of any age, or CSV in UTF-8 or GB18030."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from metercash.contexts.customers.contracts import FileUnreadable
from metercash.contexts.customers.core.record import HEADERS


CONTENT_BYTES_MAX = 64 * 1024 * 1024
ROWS_MAX = 300_000
HEADER_SEARCH_ROWS = 10
ERROR_HEADER = "错误说明"
_EXCEL_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as they stand in the file.

    Attributes:
        header_index: Index of the header row; the spreadsheet's row number is one more.
        sheet: Name of the sheet, empty for CSV.
    """

    header: list[str]
    rows: Sequence[Sequence[object]]
    header_index: int
    sheet: str = ""

    @property
    def first_row_number(self) -> int:
        """The spreadsheet's number of ``rows[0]``."""
        return self.header_index + 2


def read_table(content: bytes, filename: str, names: Collection[str] = HEADERS) -> Table:
    """Find the table in the file's first sheet by its header, two of ``names`` or more.

    Raises:
        FileUnreadable: if it is too large, no table, encrypted, or has no header row with 户号.
    """
    if len(content) > CONTENT_BYTES_MAX:
        raise FileUnreadable(filename=filename, reason="文件超过 64 MB，请分成几个文件导入。")
    if is_excel(content):
        rows, sheet = _excel_rows(content, filename)
    else:
        rows, sheet = _csv_rows(content, filename), ""
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        header = [_header_text(cell) for cell in row]
        if sum(name in names for name in header) >= 2:
            body = rows[index + 1 :]
            if len(body) > ROWS_MAX:
                reason = f"超过 {ROWS_MAX:,} 行，请分成几个文件导入。"
                raise FileUnreadable(filename=filename, reason=reason)
            return Table(header, body, index, sheet)
    raise FileUnreadable(
        filename=filename, reason="前 10 行里没有找到表头（户号、户名、小区……），请使用导入模板。"
    )


def is_excel(content: bytes) -> bool:
    """Whether the bytes begin like an Excel workbook, new or old."""
    return content.startswith(_EXCEL_STARTS)


def _excel_rows(content: bytes, filename: str) -> tuple[list[list[object]], str]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = workbook.sheet_names[0]
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except PasswordError:
        raise FileUnreadable(filename=filename, reason="文件有密码，请取消密码后再上传。") from None
    except (CalamineError, IndexError, ValueError):
        reason = "文件已损坏或不是 Excel 工作簿。"
        raise FileUnreadable(filename=filename, reason=reason) from None
    return [list(row) for row in rows], name


def _csv_rows(content: bytes, filename: str) -> list[list[object]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise FileUnreadable(filename=filename, reason="编码既不是 UTF-8 也不是 GB18030。")
    if "\0" in text:
        raise FileUnreadable(filename=filename, reason="不是 Excel 或 CSV 表格。")
    first = text[:4096].split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [list(row) for row in reader]
    except csv.Error:
        raise FileUnreadable(filename=filename, reason="CSV 格式有误，请检查引号。") from None


def _header_text(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return "".join(text.replace("*", "").replace("＊", "").split("（")[0].split("(")[0].split())
