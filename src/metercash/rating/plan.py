"""A plan: one price document made ready to rate by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from metercash.kernel.interval import Interval
from metercash.rating.calendar import Calendar
from metercash.rating.components import (
    Area,
    AreaParts,
    Component,
    Demand,
    Linked,
    Metered,
    PowerFactor,
    PriceChange,
    Surcharge,
    Tiered,
    YearSettlement,
)
from metercash.rating.components.base import Rater, Season
from metercash.rating.losses import Losses
from metercash.rating.terms.corrections import CorrectionTerms
from metercash.rating.terms.instalments import InstalmentTerms
from metercash.rating.terms.late_fee import LateFeeTerms
from metercash.rating.terms.prepay import PrepayTerms
from metercash.rating.terms.refund import RefundTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFeePolicy(LateFeeTerms):
    """What the price document or contract says of paying late; a tenant's own policy overrides it.

    Attributes:
        confidence: Grade A to D of the source.
        citation: Where it is written.
    """

    confidence: str
    citation: str


@dataclass(frozen=True)
class Plan:
    """A parsed price document; equal texts give equal plans.

    Attributes:
        code: Identifier, such as ``harbin-heat-residential-area``.
        commodity: ``HEAT`` or ``POWER``.
        effective_from: First service day.
        effective_until: First service day after; ``None`` while open.
        confidence: Grade of the source from A (official) to D (memory).
        season: Heating season, ``None`` for electricity.
        time_of_use: Which zone each quarter-hour of each day is in, or ``None``.
        usage_unit: Unit the usage must be in, or ``None`` when nothing is metered.
        refund: Versions of the refund rules, oldest first.
        losses: Losses added to what meters on the secondary side read.
        corrections: What is charged after wrong metering or a breach of the contract.
    """

    code: str
    name_zh: str
    name_en: str
    locality: str
    commodity: str
    citation: str
    source: str
    confidence: str
    confidence_note: str
    effective_from: date
    effective_until: date | None
    components: tuple[Component, ...]
    season: Season | None = None
    time_of_use: Calendar | None = None
    usage_unit: str | None = None
    late_fee: LateFeePolicy | None = None
    refund: tuple[RefundTerms, ...] = ()
    instalments: InstalmentTerms | None = None
    prepay: PrepayTerms | None = None
    losses: Losses | None = None
    corrections: CorrectionTerms | None = None

    @cached_property
    def raters(self) -> tuple[Rater, ...]:
        """The components bound to this plan's citation and season; made once."""
        return tuple(
            component.bind(citation=self.citation, season=self.season)
            for component in self.components
        )

    @property
    def tiers_by_year(self) -> bool:
        """Whether rating needs the usage of the year before the period."""
        return any(getattr(component, "cycle", None) == "YEAR" for component in self.components)

    @cached_property
    def counts_year(self) -> bool:
        """Whether rating needs the months of the tier year in which the account is served."""
        settles = any(isinstance(component, YearSettlement) for component in self.components)
        return settles or self.tiers_by_year

    @cached_property
    def remembers(self) -> bool:
        """Whether rating needs lines of earlier bills: surcharges, free units, a carried difference."""
        return any(
            isinstance(component, YearSettlement)
            or (isinstance(component, Tiered) and component.free and component.free.carry)
            or getattr(component, "settlement", None) == "CARRIED_TO_NEXT_SEASON"
            for component in self.components
        )

    @cached_property
    def sold_by_day(self) -> bool:
        """Whether each charge is for days or for usage, none for a whole season at once."""
        return all(
            isinstance(component, Metered | Surcharge | Linked)
            or (
                isinstance(component, Area | AreaParts)
                and (component.per == "DAY" or component.proration == "ACTUAL_DAYS")
            )
            for component in self.components
        )

    @property
    def measures_demand(self) -> bool:
        """Whether rating needs the highest demand of the period."""
        return any(isinstance(component, Demand) for component in self.components)

    @property
    def measures_reactive(self) -> bool:
        """Whether rating needs reactive energy, where no power factor is agreed."""
        return any(isinstance(component, PowerFactor) for component in self.components)

    def changes_in(self, period: Interval[date]) -> tuple[date, ...]:
        """Days inside the period from which components charge another price, in order.

        Where there is one, ``facts.before_change_milli`` by a frozen reading goes before any share.
        """
        found = {
            day
            for component in self.components
            if isinstance(component, Linked | PriceChange)
            for day in component.changes_in(period)
        }
        return tuple(sorted(found))

    def season_of(self, on: date) -> Interval[date] | None:
        """The season that contains the day or, outside, the next one; ``None`` without a season."""
        return self.season.containing_or_next(on) if self.season else None

    def __getstate__(self) -> dict[str, Any]:
        """Travel to another process without the bound functions; they are made again there."""
        return {key: value for key, value in self.__dict__.items() if key != "raters"}
