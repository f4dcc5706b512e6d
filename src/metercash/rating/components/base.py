"""What all components share: strict reading, clause, category, and the season."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, TypeAlias

from pydantic import ConfigDict, Field

from metercash.kernel.interval import Interval
from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.facts import RatingFacts


Rater: TypeAlias = Callable[[RatingFacts, list[Line]], None]

STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)

Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=8)]
Positive = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=8)]
SignedPrice = Annotated[Decimal, Field(max_digits=18, decimal_places=8)]
Percent = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=6)]
Text = Annotated[str, Field(max_length=200)]
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Season:
    """A heating season by month and day, half-open: ``until`` is the first day without heat."""

    from_month: int
    from_day: int
    until_month: int
    until_day: int

    def beginning_in(self, year: int) -> Interval[date]:
        """The season that begins in the given year."""
        start = date(year, self.from_month, self.from_day)
        end = date(year, self.until_month, self.until_day)
        return Interval(start, end if end > start else end.replace(year=year + 1))

    def containing_or_next(self, on: date) -> Interval[date]:
        """The season that holds the day or, outside every season, the next to begin."""
        previous = self.beginning_in(on.year - 1)
        if on in previous:
            return previous
        this = self.beginning_in(on.year)
        return this if on < this.end else self.beginning_in(on.year + 1)


@lru_cache(maxsize=1024)
def served_days(season: Season | None, start: date, end: date) -> tuple[int, int]:
    """Days of ``[start, end)`` within the season, and days of the season itself.

    Without a season both are the days of the period.
    """
    if season is None:
        return (end - start).days, (end - start).days
    whole = season.containing_or_next(start)
    shared = whole & Interval(start, end)
    return ((shared.end - shared.start).days if shared else 0), (whole.end - whole.start).days


def for_categories(categories: tuple[str, ...], rater: Rater) -> Rater:
    """Let the rater act only on the given customer categories; none given means all."""
    if not categories:
        return rater
    wanted = frozenset(categories)

    def limited(facts: RatingFacts, lines: list[Line]) -> None:
        if facts.category in wanted:
            rater(facts, lines)

    return limited


def usage_kind(
    code: str, label_zh: str, label_en: str, unit: str, price: Decimal, basis: tuple[str, str]
) -> LineKind:
    """A line of price × quantity; ``basis`` is (clause, citation)."""
    clause, citation = basis
    names = (f"单价（元/{unit}）", f"数量（{unit}）")
    return LineKind(
        code, label_zh, label_en, unit, price, Basis(clause, citation, names, "{0} × {1}")
    )


def sum_fen(lines: list[Line], prefixes: tuple[str, ...]) -> int:
    """Fen of the lines whose code starts with one of the prefixes; all when none is given."""
    if not prefixes:
        return sum([line.amount.fen for line in lines])
    return sum(line.amount.fen for line in lines if line.code.startswith(prefixes))
