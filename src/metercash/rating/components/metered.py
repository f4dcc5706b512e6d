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
from metercash.rating.facts import RatingFacts, from_milli


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Metered:
    """One price for every unit; the unit is the price's own and is never converted."""

    kind: Literal["metered"]
    price: Amount
    unit: Literal["kWh", "GJ"]
    zone: Text = "total"
    code: Text = "energy.base"
    label_zh: Text = "计量费"
    label_en: Text = "Metered charge"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        return _usage_rater(self, citation)


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


def _usage_rater(component: Metered | Surcharge, citation: str) -> Rater:
    price, unit, zone = component.price, component.unit, component.zone
    kind = usage_kind(
        component.code, component.label_zh, component.label_en, unit, price,
        (component.clause, citation),
    )  # fmt: skip

    def rater(facts: RatingFacts, lines: list[Line]) -> None:
        quantity = from_milli(facts.zone_milli(zone, unit))
        lines.append(kind.line(quantity, price * quantity, (price, quantity)))

    return for_categories(component.categories, rater)
