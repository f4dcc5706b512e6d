"""Free units of homes in hardship: taken off the first tier, or paid back in money."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    STRICT,
    Amount,
    Rater,
    Season,
    Text,
    for_categories,
)
from metercash.rating.components.months import months_of
from metercash.rating.facts import RatingFacts, from_milli


MILLI = 1000
LOW_INCOME = "LOW_INCOME"

PerMonth = Annotated[int, Field(gt=0, le=100_000)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class FreeUnits:
    """Units without charge each month, never more than were used.

    Attributes:
        per_month: Whole units a month, for each month of the period.
        evidence: Proof the account must hold.
        carry: Whether what is left of a month may be used later in the year.
    """

    per_month: PerMonth
    evidence: Text = LOW_INCOME
    carry: bool = False

    def available_milli(self, facts: RatingFacts) -> int:
        """Free units that may be used in the period, thousandths of the unit."""
        if self.evidence not in facts.evidence:
            return 0
        granted = self.per_month * MILLI * len(months_of(facts.period.start, facts.period.end))
        return granted + (facts.free_left_milli if self.carry else 0)

    def left_milli(self, facts: RatingFacts, unit: str) -> int:
        """Free units left after the period for later ones; 0 where they lapse.

        Raises:
            UsageMissing: if the total is unknown.
        """
        if not self.carry:
            return 0
        return max(0, self.available_milli(facts) - facts.zone_milli("total", unit))


def free_milli(free: FreeUnits | None, facts: RatingFacts, usage: int) -> int:
    """How much of ``usage`` is free, thousandths of the unit."""
    return min(usage, free.available_milli(facts)) if free else 0


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class FreeUnitsRefund:
    """The worth of free units paid back: one line, rounded once, for each payment.

    Attributes:
        price: Yuan per unit.
        per_month: Whole units a month.
        paid_every_months: Months one payment covers; the last of a period may cover fewer.
        capped_by_usage: Whether no more is paid back than was used.
    """

    kind: Literal["free_units_refund"]
    price: Amount
    per_month: PerMonth
    paid_every_months: Literal["1", "3", "12"] = "12"
    capped_by_usage: bool = False
    evidence: Text = LOW_INCOME
    unit: Literal["kWh"] = "kWh"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        names = ("单价（元/kWh）", "免费电量（kWh）")
        kind = LineKind(
            "refund.free_kwh", "免费电量返还", "Free units refund", self.unit, self.price,
            Basis(self.clause, citation, names, "−{0} × {1}"),
        )  # fmt: skip
        every, per_month = int(self.paid_every_months), self.per_month * MILLI

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            if self.evidence not in facts.evidence:
                return
            left = months = len(months_of(facts.period.start, facts.period.end))
            room = per_month * months
            if self.capped_by_usage:
                room = min(room, facts.zone_milli("total", self.unit))
            while left and room:
                paid = min(room, per_month * min(left, every))
                quantity = from_milli(paid)
                lines.append(kind.line(quantity, -self.price * quantity, (self.price, quantity)))
                left, room = left - min(left, every), room - paid

        return for_categories(self.categories, rater)
