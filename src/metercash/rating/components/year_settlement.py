"""What tiers charged by month are worth by the year: the difference, returned or topped up."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic.dataclasses import dataclass

from metercash.kernel.money import Money
from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    STRICT,
    Amount,
    Rater,
    Season,
    Text,
    for_categories,
)
from metercash.rating.components.tiered import MILLI, Bounds, split
from metercash.rating.errors import FactMissing
from metercash.rating.facts import MONTHS_PER_YEAR, RatingFacts, from_milli


_NAMES = ("全年电量（kWh）", "全年应收加价（元）", "各月已收加价（元）")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class YearSettlement:
    """Rated over the tier year: surcharges by yearly bounds less those charged by month.

    Attributes:
        bounds: Upper bounds for twelve months, in whole units; scaled by ``tier_months``.
        prices: Surcharges from the second tier on, yuan per unit.
        settles: ``RETURN`` only gives back, ``TOP_UP`` only asks for more, ``BOTH`` does either.
    """

    kind: Literal["year_settlement"]
    bounds: Bounds
    prices: tuple[Amount, ...]
    settles: Literal["RETURN", "TOP_UP", "BOTH"] = "RETURN"
    unit: Literal["kWh"] = "kWh"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.prices) != len(self.bounds):
            msg = f"prices 应有 {len(self.bounds)} 个价格（每档一个），实有 {len(self.prices)} 个"
            raise ValueError(msg)

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component; it refuses unknown monthly charges."""
        basis = Basis(self.clause, citation, _NAMES, "{1} − {2}")
        one = Decimal(1)
        refund = LineKind(
            "ladder.year_refund", "年终退还多收加价", "Year-end return of tiers", "1", one, basis
        )
        top_up = LineKind(
            "ladder.year_topup", "年终补收加价", "Year-end top-up of tiers", "1", one, basis
        )

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            if facts.ladder_charged_fen is None:
                raise FactMissing(fact="各月已收加价")
            usage = facts.zone_milli("total", self.unit)
            bounds = [b * MILLI * facts.tier_months // MONTHS_PER_YEAR for b in self.bounds]
            parts = split(bounds, 0, usage)[1:]
            due = sum(
                (p * from_milli(part) for p, part in zip(self.prices, parts, strict=True)),
                Decimal(0),
            )
            charged = Money(facts.ladder_charged_fen).yuan
            exact = due - charged
            kind, unwanted = (refund, "TOP_UP") if exact < 0 else (top_up, "RETURN")
            if exact and self.settles != unwanted:
                lines.append(kind.line(one, exact, (from_milli(usage), due, charged)))

        return for_categories(self.categories, rater)
