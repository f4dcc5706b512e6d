"""The basic charge by demand: contracted or highest, with its floor and its discount."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.quantity import plain
from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    HUNDRED,
    STRICT,
    Amount,
    Percent,
    Positive,
    Rater,
    Season,
    Text,
    for_categories,
)
from metercash.rating.components.months import THIRTY, thirtieths
from metercash.rating.facts import RatingFacts, from_milli


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class HighUseDiscount:
    """A lower price for those who use their capacity well; the test is made on unrounded numbers.

    Attributes:
        kwh_per_kva_min: Monthly kWh for each kVA of contracted capacity from which it holds.
        factor: What the price is multiplied by, such as 0.9.
    """

    kwh_per_kva_min: Positive
    factor: Annotated[Decimal, Field(gt=0, le=1, decimal_places=6)]

    def earned(self, facts: RatingFacts) -> bool:
        """Whether the usage reaches the limit.

        Raises:
            FactMissing: if the contracted capacity is unknown.
            UsageMissing: if the usage is.
        """
        capacity = facts.power.contract_capacity_milli()
        return facts.zone_milli("total", "kWh") >= self.kwh_per_kva_min * capacity


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Demand:
    """Price times billed demand, for a month; days of a part of one count a thirtieth each.

    Attributes:
        price: Yuan per kW and month.
        by: ``ACTUAL``: the highest demand. ``CONTRACT``: the contracted one, and where the highest is
            above ``tolerance_percent`` of it, the highest and once more what is above.
        tolerance_percent: Share of the contracted demand that costs nothing more.
        floor_percent_of_capacity: At least this share of the contracted capacity is billed.
        discount: A lower price for high use of the capacity.
    """

    kind: Literal["demand"]
    price: Amount
    by: Literal["ACTUAL", "CONTRACT"]
    tolerance_percent: Annotated[Decimal, Field(ge=100, le=200, decimal_places=4)] | None = None
    floor_percent_of_capacity: Percent | None = None
    discount: HighUseDiscount | None = None
    code: Text = "demand"
    label_zh: Text = "需量电费"
    label_en: Text = "Demand charge"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.by == "CONTRACT") != (self.tolerance_percent is not None):
            msg = "by: CONTRACT 应写 tolerance_percent（如 105），by: ACTUAL 不写"
            raise ValueError(msg)

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        names = ("单价（元/kW·月）", "计费需量（kW）", "单价系数", "计费天数")
        kinds = {
            (discounted, partial): LineKind(
                self.code, self.label_zh, self.label_en, "kW", self.price,
                Basis(self.clause, citation, names, template),
            )
            for discounted, partial, template in (
                (False, False, "{0} × {1}"),
                (True, False, "{0} × {1} × {2}"),
                (False, True, f"{{0}} × {{1}} × {{3}} ÷ {THIRTY}"),
                (True, True, f"{{0}} × {{1}} × {{2}} × {{3}} ÷ {THIRTY}"),
            )
        }  # fmt: skip

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            billed, told = self.billed_kw(facts)
            discount = self.discount
            discounted = discount is not None and discount.earned(facts)
            factor = discount.factor if discount is not None and discounted else Decimal(1)
            days = thirtieths(facts.period.start, facts.period.end)
            kind = kinds[discounted, days != THIRTY]
            exact = self.price * factor * billed * days / THIRTY
            lines.append(kind.line(billed, exact, (self.price, told, factor, days)))

        return for_categories(self.categories, rater)

    def billed_kw(self, facts: RatingFacts) -> tuple[Decimal, str]:
        """The demand that is billed, and how it came about.

        Raises:
            FactMissing: if a demand or a capacity it rests on is unknown.
        """
        actual = from_milli(facts.power.actual_demand_milli())
        floor = self._floor(facts)
        if self.by == "ACTUAL":
            least = max(actual, floor)
            return least, plain(least)
        agreed = max(from_milli(facts.power.contracted_milli()), floor)
        tolerance = self.tolerance_percent or HUNDRED
        free = agreed * tolerance / HUNDRED
        if actual <= free:
            return agreed, plain(agreed)
        told = f"({plain(actual)} + ({plain(actual)} − {plain(agreed)} × {plain(tolerance)}%))"
        return actual + (actual - free), told

    def _floor(self, facts: RatingFacts) -> Decimal:
        if self.floor_percent_of_capacity is None:
            return Decimal(0)
        capacity = from_milli(facts.power.contract_capacity_milli())
        return capacity * self.floor_percent_of_capacity / HUNDRED
