"""One cell of a table becomes one value, or an explanation for the person who typed it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache


Cell = object
EXACT_DIGITS_MAX = 15
MICRO = 1_000_000
FORMULA_STARTS = ("=", "+", "-", "@", "'")

_MOBILE = re.compile(r"1\d{10}")
_LANDLINE = re.compile(r"(?:0\d{2,3})?\d{7,8}(?:-\d{1,6})?|(?:400|800)\d{7}")
_CITIZEN = re.compile(r"\d{17}[\dX]")
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]00:00(?::00)?)?")


class CellError(Exception):
    """A cell that cannot be taken over.

    Attributes:
        reason: What is wrong, in Chinese.
        advice: What to do, in Chinese.
    """

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


def shown(cell: Cell) -> str:
    """The cell as text, the way a person sees it; whole floats without ``.0``."""
    if isinstance(cell, str):
        text = cell.strip()
        return text[1:] if text.startswith("'") and text[1:2] in FORMULA_STARTS else text
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def escaped(text: str) -> str:
    """Text that no spreadsheet takes for a formula; :func:`shown` reads it back unchanged."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def text_of(length_max: int) -> Callable[[Cell], str]:
    """Read text of at most that many characters; long numbers must have been typed as text."""

    def parse(cell: Cell) -> str:
        if isinstance(cell, (int, float)) and len(str(int(cell))) > EXACT_DIGITS_MAX:
            raise CellError(
                "长数字被 Excel 存成了数值，末尾几位已经丢失",
                "先把该列单元格格式设为“文本”，再重新录入号码",
            )
        text = shown(cell)
        if len(text) > length_max:
            raise CellError(f"超过 {length_max} 个字", f"请缩短到 {length_max} 个字以内")
        if not text.isprintable():
            raise CellError("含有换行或不可见字符", "请删除换行和不可见字符")
        return text

    return parse


def choice_of(labels: Mapping[str, str]) -> Callable[[Cell], str]:
    """Read one of the given words; ``labels`` maps each accepted word to its value."""
    allowed = "、".join(label for label in labels if not label.isascii())

    def parse(cell: Cell) -> str:
        value = labels.get(shown(cell)) or labels.get(shown(cell).upper())
        if value is None:
            raise CellError("不在可选范围内", f"请填写：{allowed}")
        return value

    return parse


def scaled_of(scale: int, *, low: int, high: int, unit: str) -> Callable[[Cell], int]:
    """Read a decimal and count it in ``1/scale``; bounds are given in whole units, inclusive."""

    @lru_cache(maxsize=4096)
    def parse_text(text: str) -> int:
        try:
            value = Decimal(text.replace(",", "").removesuffix(unit))
        except InvalidOperation:
            raise CellError("不是数字", f"只填数字，单位是{unit}，例如 89.6") from None
        if not value.is_finite() or not low <= value <= high:
            raise CellError(f"超出范围 {low}～{high}", f"请核对数值和单位（{unit}）")
        counted = value * scale
        if counted != counted.to_integral_value():
            raise CellError("小数位数太多", f"最多精确到 {Decimal(1) / scale:f} {unit}")
        return int(counted)

    def parse(cell: Cell) -> int:
        return parse_text(_stable(cell) if isinstance(cell, float) else shown(cell))

    return parse


def whole_of(*, low: int, high: int) -> Callable[[Cell], int]:
    """Read a whole number within bounds, inclusive."""

    def parse(cell: Cell) -> int:
        text = shown(cell)
        try:
            value = int(text)
        except ValueError:
            raise CellError("不是整数", "请填写整数，例如 3") from None
        if not low <= value <= high:
            raise CellError(f"超出范围 {low}～{high}", "请核对数值")
        return value

    return parse


def day(cell: Cell) -> date:
    """Read a civil date from a date cell or from text such as 2025-10-20 or 2025年10月20日."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return _day_of(shown(cell))


def phone(cell: Cell) -> str:
    """Read a Chinese mobile or fixed-line number; separators and +86 are dropped."""
    text = re.sub(r"[\s()（）]", "", shown(cell)).removeprefix("+86")
    bare = text.replace("-", "")
    if _MOBILE.fullmatch(bare):
        return bare
    if _LANDLINE.fullmatch(text) or _LANDLINE.fullmatch(bare):
        return text
    raise CellError("不是有效的电话号码", "手机号 11 位；固定电话带区号，例如 0451-82345678")


def id_number(cell: Cell) -> str:
    """Read an identity number; 18-character citizen numbers must have a right check digit."""
    text = text_of(40)(cell).upper().replace(" ", "")
    if _CITIZEN.fullmatch(text):
        total = sum(int(digit) * w for digit, w in zip(text, _CITIZEN_WEIGHTS, strict=False))
        if "10X98765432"[total % 11] != text[-1]:
            raise CellError("身份证号校验位不对", "请对照证件逐位核对")
    return text


def _stable(value: float) -> str:
    """A float from a spreadsheet with the noise of its last bits removed."""
    return f"{Decimal(f'{value:.12g}'):f}"


@lru_cache(maxsize=4096)
def _day_of(text: str) -> date:
    match = _DATE.fullmatch(text)
    if match is None:
        raise CellError("不是日期", "请写成 2025-10-20 这样的日期")
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        raise CellError("没有这一天", "请核对月份和日子") from None
