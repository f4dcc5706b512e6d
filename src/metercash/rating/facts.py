"""What the engine must know of one account and period; everything else is in the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from metercash.kernel.interval import Interval
from metercash.rating.errors import FactMissing, UnitMismatch, UsageInconsistent, UsageMissing
from metercash.rating.facts_heat import NO_HEAT_FACTS, HeatFacts
from metercash.rating.facts_power import NO_POWER_FACTS, PowerFacts


MONTHS_PER_YEAR = 12
METER_FAULTY = "METER_FAULTY"
CATEGORIES = ("RESIDENT", "NON_RESIDENT", "LOW_INCOME")
"""Categories customers are kept under; a rule limited to another one would meet nobody."""


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """Frozen inputs of one rating.

    Attributes:
        period: Service period ``[from, until)``.
        area_milli: Chargeable area, thousandths of a square meter.
        usable_area_milli: Usable area where a plan asks for it apart from the chargeable one.
        height_mm: Story height in millimeters; 0 when unknown (no surcharge is taken then).
        household_size: Persons registered, for tier allowances; 0 when unknown.
        category: Customer category such as ``RESIDENT``; components may be limited to some.
        usage: Measured quantity by zone in thousandths of ``usage_unit``: ``total``, ``peak``, …
        usage_unit: ``kWh`` or ``GJ``; must be the plan's own unit.
        year_to_date_milli: Usage of the tier year before this period, thousandths of the unit.
        tier_months: Months of the tier year in which the account is served; a started month is one.
        household_months: Months with the household allowance; ``None`` means all ``tier_months``.
        before_household_milli: Usage of the tier year before the household allowance began.
        free_left_milli: Free units left over from earlier months of the year.
        before_change_milli: Usage before a price change within the period, by a frozen reading;
            ``None`` when there is none.
        ladder_charged_fen: Tier surcharges charged by month in the year that is settled.
        prepaid_fen: Already billed for the season; the settlement is for the difference.
        evidence: Codes of proofs held: ``LOW_INCOME``, ``EARLY_PAYMENT``, ``METER_FAULTY``, …
        heat: What only heat is priced by.
        power: What only commercial electricity is priced by.
    """

    period: Interval[date]
    area_milli: int = 0
    usable_area_milli: int | None = None
    height_mm: int = 0
    household_size: int = 0
    category: str = ""
    usage: Mapping[str, int] = field(default_factory=dict)
    usage_unit: str = "kWh"
    year_to_date_milli: int = 0
    tier_months: int = MONTHS_PER_YEAR
    household_months: int | None = None
    before_household_milli: int = 0
    free_left_milli: int = 0
    before_change_milli: int | None = None
    ladder_charged_fen: int | None = None
    prepaid_fen: int = 0
    evidence: frozenset[str] = frozenset()
    heat: HeatFacts = NO_HEAT_FACTS
    power: PowerFacts = NO_POWER_FACTS

    def zone_milli(self, zone: str, unit: str) -> int:
        """Usage of a zone in thousandths of ``unit``; ``total`` may be the sum of the zones.

        Raises:
            UnitMismatch: if the usage is counted in another unit.
            UsageMissing: if there is no such usage.
            UsageInconsistent: if a total is given that the zones do not sum to.
        """
        if self.usage_unit != unit:
            raise UnitMismatch(expected=unit, actual=self.usage_unit)
        if zone == "total":
            return self._total_milli()
        try:
            return self.usage[zone]
        except KeyError:
            raise UsageMissing(zone=zone) from None

    def _total_milli(self) -> int:
        total = self.usage.get("total")
        if total is None:
            if not self.usage:
                raise UsageMissing(zone="total")
            return sum(self.usage.values())
        if len(self.usage) > 1:
            zones = sum(self.usage.values()) - total
            if zones != total:
                raise UsageInconsistent(zones=zones, total=total)
        return total

    def area(self, *, usable: bool) -> Decimal:
        """The area in square meters.

        Raises:
            FactMissing: if it is unknown or not positive.
        """
        milli = self.usable_area_milli if usable else self.area_milli
        if not milli or milli < 0:
            raise FactMissing(fact="使用面积" if usable else "收费面积")
        return from_milli(milli)


def from_milli(milli: int) -> Decimal:
    """Thousandths of a unit as an exact decimal of the unit."""
    return Decimal(milli).scaleb(-3)
