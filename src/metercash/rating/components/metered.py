"""Price times measured quantity, and surcharges or funds on the same quantity."""

from __future__ import annotations

from typing import Literal

from pydantic.dataclasses import dataclass

from metercash.rating.bill import Line
from metercash.rating.components.base import (
    STRICT,
    Amount,
    Rater,
    Season,
    Text,
    for_categories,
    usage_kind,
)
from metercash.rating.components.free_units import FreeUnits, free_milli
from metercash.rating.facts import RatingFacts, from_milli


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Metered:
    """One price for every unit; the unit is the price's own and is never converted.

    Attributes:
        free: Units without charge.
        counts_in_ladder: Whether the usage is part of the tier year; that of a transition between
            two reading days is not.
    """

    kind: Literal["metered"]
    price: Amount
    unit: Literal["kWh", "GJ"]
    zone: Text = "total"
    code: Text = "energy.base"
    label_zh: Text = "计量费"
    label_en: Text = "Metered charge"
    free: FreeUnits | None = None
    counts_in_ladder: bool = True
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        return _usage_rater(self, citation, self.free)

    def year_to_date_after_milli(self, facts: RatingFacts) -> int:
        """Usage of the tier year after the period, thousandths of the unit."""
        counted = facts.zone_milli(self.zone, self.unit) if self.counts_in_ladder else 0
        return facts.year_to_date_milli + counted


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Surcharge:
    """A fund or surcharge for every unit, printed apart from the energy."""

    kind: Literal["surcharge"]
    price: Amount
    unit: Literal["kWh", "GJ"]
    zone: Text = "total"
    code: Text = "fund"
    label_zh: Text = "政府性基金及附加"
    label_en: Text = "Government funds"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        return _usage_rater(self, citation)


def _usage_rater(
    component: Metered | Surcharge, citation: str, free: FreeUnits | None = None
) -> Rater:
    price, unit, zone = component.price, component.unit, component.zone
    kind = usage_kind(
        component.code, component.label_zh, component.label_en, unit, price,
        (component.clause, citation),
    )  # fmt: skip

    def rater(facts: RatingFacts, lines: list[Line]) -> None:
        usage = facts.zone_milli(zone, unit)
        quantity = from_milli(usage - free_milli(free, facts, usage))
        lines.append(kind.line(quantity, price * quantity, (price, quantity)))

    return for_categories(component.categories, rater)
