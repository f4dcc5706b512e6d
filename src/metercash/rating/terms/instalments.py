"""A season's fee paid in parts: the first no less than a share, each with its day."""

from __future__ import annotations

from dataclasses import dataclass as plain_dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.errors import InvalidInput
from metercash.kernel.money import Money
from metercash.rating import rounding
from metercash.rating.components.base import STRICT, Text
from metercash.rating.month_day import MonthDay


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class InstalmentTerms:
    """How a fee may be divided.

    Attributes:
        first_percent_min: The first part is at least this share of the fee.
        due: Last days to pay the parts, in their order, such as ``10-20`` and ``12-31``; a day
            earlier in the year than the one before is of the next year.
    """

    first_percent_min: Annotated[Decimal, Field(gt=0, le=100, decimal_places=4)]
    due: Annotated[tuple[MonthDay, ...], Field(min_length=2, max_length=24)]
    clause: Text = ""
    citation: Text = ""


@plain_dataclass(frozen=True, slots=True)
class Instalment:
    """One part: its number from one, its amount, and the last day to pay it."""

    number: int
    amount: Money
    due_date: date


def schedule(
    *, terms: InstalmentTerms, fee: Money, first_year: int, first: Money | None = None
) -> tuple[Instalment, ...]:
    """Divide a fee; the parts sum to it.

    The odd fen goes to the first part, so that it never falls below its share; what is left is
    divided evenly, by largest remainder.

    Args:
        first_year: Year of the first due day.
        first: What the customer pays first; the least allowed when None.

    Raises:
        InvalidInput: if the fee is not positive, or ``first`` is below its share or above the fee.
    """
    if fee.fen <= 0:
        raise InvalidInput(field="应缴金额", reason="分期金额应大于 0")
    least = rounding.up_to_fen(fee.yuan * terms.first_percent_min / 100)
    chosen = least if first is None else first
    if not least <= chosen <= fee:
        raise InvalidInput(field="首期金额", reason=f"应为 {least} 到 {fee} 元")
    rest = (fee - chosen).allocate([1] * (len(terms.due) - 1))
    days = _due_dates(terms.due, first_year)
    return tuple(
        Instalment(number, amount, day)
        for number, (amount, day) in enumerate(zip([chosen, *rest], days, strict=True), start=1)
    )


def _due_dates(texts: tuple[str, ...], year: int) -> list[date]:
    days: list[date] = []
    for text in texts:
        day = date.fromisoformat(f"{year}-{text}")
        if days and day <= days[-1]:
            year += 1
            day = day.replace(year=year)
        days.append(day)
    return days
