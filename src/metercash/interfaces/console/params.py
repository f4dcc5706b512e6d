"""Reads query strings and forms: bounded, typed, never trusting."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from django.http import HttpRequest, QueryDict

from metercash.kernel.errors import InvalidInput
from metercash.kernel.money import Money


ID_MAX = 2**62
PER_PAGE = (20, 50, 100, 200)
TEXT_MAX = 100
FEN_MAX = 10**13
_QUANTITY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")


def text(values: QueryDict, name: str, longest: int = TEXT_MAX) -> str:
    """A line of text without control characters, cut to its longest length."""
    raw = values.get(name, "")
    return "".join(c for c in raw if c.isprintable()).strip()[:longest]


def number(values: QueryDict, name: str) -> int | None:
    """A positive identifier, or None where nothing usable was given."""
    raw = values.get(name, "")
    return min(int(raw), ID_MAX) if raw.isascii() and raw.isdecimal() and len(raw) < 20 else None


def numbers(values: QueryDict, name: str) -> list[int]:
    """Identifiers given several times."""
    return [
        int(raw)
        for raw in values.getlist(name)
        if raw.isascii() and raw.isdecimal() and len(raw) < 19
    ]


def fen(values: QueryDict, name: str, label: str) -> int | None:
    """An amount in yuan such as ``1,234.50`` as fen; None where the field is empty.

    Input methods for Chinese type full-width digits and commas; they count as the narrow ones.

    Raises:
        InvalidInput: if it is no amount, is negative, or has more than two decimals.
    """
    raw = unicodedata.normalize("NFKC", values.get(name, "")).replace(",", "").strip()
    if not raw:
        return None
    try:
        amount = Money.from_yuan(raw).fen
    except InvalidInput as error:
        raise InvalidInput(field=label, reason="请填写金额，例如 1234.50") from error
    if not 0 <= amount <= FEN_MAX:
        raise InvalidInput(field=label, reason="金额应不小于 0，最多两位小数")
    return amount


def milli(values: QueryDict, name: str, label: str) -> int:
    """A quantity such as ``1,234.5`` in thousandths; full-width digits count as the narrow ones.

    Raises:
        InvalidInput: if it is no quantity, is negative, or has more than three decimals.
    """
    raw = unicodedata.normalize("NFKC", values.get(name, "")).replace(",", "").strip()
    if not _QUANTITY.fullmatch(raw):
        raise InvalidInput(field=label, reason="应为不小于 0 的数，最多三位小数，例如 1234.5")
    return int(Decimal(raw).scaleb(3))


def day(values: QueryDict, name: str, default: date | None = None) -> date | None:
    """A date as ``2026-01-20``; the default where nothing usable was given."""
    try:
        return date.fromisoformat(values.get(name, ""))
    except ValueError:
        return default


def required_day(values: QueryDict, name: str, label: str) -> date:
    """A date that must be there.

    Raises:
        InvalidInput: if it is missing or malformed.
    """
    found = day(values, name)
    if found is None:
        raise InvalidInput(field=label, reason="请填写日期，例如 2026-01-20")
    return found


def paging(request: HttpRequest) -> tuple[int, int]:
    """Page number and rows per page, within their limits."""
    page = number(request.GET, "page") or 1
    per_page = number(request.GET, "per_page") or 50
    return min(page, 100_000), per_page if per_page in PER_PAGE else 50
