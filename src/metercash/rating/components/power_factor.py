"""What is added to a bill, or taken off, for the power factor of the account."""

from __future__ import annotations

from dataclasses import dataclass as plain_dataclass
from decimal import Decimal
from math import isqrt
from typing import Literal, TypeAlias

from pydantic.dataclasses import dataclass

from metercash.rating import rounding
from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    HUNDRED,
    STRICT,
    Amount,
    Rater,
    Season,
    Text,
    for_categories,
)
from metercash.rating.components.power_factor_1983 import PERCENT
from metercash.rating.errors import FactMissing, PowerFactorUndefined
from metercash.rating.facts import RatingFacts, from_milli


Standard: TypeAlias = Literal["0.90", "0.85", "0.80"]


def of_energy(active: int, reactive: int) -> Decimal:
    """Power factor of a period, half up to two decimals, without a root that could round wrongly.

    ``active ÷ √(active² + reactive²)`` is at least ``(2k − 1) ÷ 200`` where it rounds to ``k ÷ 100``.

    Args:
        active: Active energy, in any unit.
        reactive: Reactive energy in the same; what was drawn and what was fed back, added.

    Raises:
        PowerFactorUndefined: if both are zero.
        FactMissing: if one is negative.
    """
    if active < 0 or reactive < 0:
        raise FactMissing(fact="不为负的有功、无功电量")
    if not active and not reactive:
        raise PowerFactorUndefined
    square = 40_000 * active**2 // (active**2 + reactive**2)
    return Decimal((isqrt(square) + 1) // 2).scaleb(-2)


def rounded(factor: Decimal) -> Decimal:
    """A known power factor, half up to two decimals.

    Raises:
        FactMissing: if it does not lie between 0 and 1.
    """
    if not 0 <= factor <= 1:
        raise FactMissing(fact="0 至 1 之间的功率因数")
    return rounding.to_decimals(factor, 2)


def percent(standard: Standard, factor: Decimal) -> Decimal:
    """What the table adds at a power factor of two decimals; below zero it is taken off."""
    return PERCENT[standard][int(factor * HUNDRED)]


@plain_dataclass(frozen=True, slots=True)
class Adjustment:
    """Power factor, percent, and the base the percent is taken of, in yuan."""

    factor: Decimal
    percent: Decimal
    base: Decimal


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PowerFactor:
    """Percent of the lines before, by the table of 1983; government funds are no part of the base.

    Attributes:
        standard: Power factor the account has to keep.
        on: Prefixes of the codes of the lines in the base; none means every line before.
        without: Prefixes of the codes of lines that are no part of it.
        funds_within: Yuan per kWh of funds that the prices of those lines contain.
    """

    kind: Literal["power_factor"]
    standard: Standard
    on: tuple[str, ...] = ()
    without: tuple[str, ...] = ("fund", "energy.fund", "power_factor")
    funds_within: Amount = Decimal(0)
    code: Text = "power_factor"
    label_zh: Text = "功率因数调整电费"
    label_en: Text = "Power factor adjustment"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        names = ("计算基数（元）", "调整比例（%）", "功率因数", "功率因数标准")
        basis = Basis(self.clause, citation, names, "{0} × {1}%")

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            found = self.adjustment(facts, lines)
            kind = LineKind(
                self.code, self.label_zh, self.label_en, "元", found.percent / HUNDRED, basis
            )
            values = (found.base, found.percent, str(found.factor), self.standard)
            lines.append(kind.line(found.base, found.base * found.percent / HUNDRED, values))

        return for_categories(self.categories, rater)

    def adjustment(self, facts: RatingFacts, lines: list[Line]) -> Adjustment:
        """The power factor of an account, and what it does to the lines before.

        Raises:
            FactMissing: if reactive energy and power factor are both unknown.
            PowerFactorUndefined: if no energy was used.
            UsageMissing: if the active energy is unknown.
        """
        factor = self._factor(facts)
        fen = sum(
            line.amount.fen
            for line in lines
            if (not self.on or line.code.startswith(self.on))
            and not line.code.startswith(self.without)
        )
        base = Decimal(fen).scaleb(-2)
        if self.funds_within:
            base -= self.funds_within * from_milli(facts.zone_milli("total", "kWh"))
        return Adjustment(factor, percent(self.standard, factor), base)

    def _factor(self, facts: RatingFacts) -> Decimal:
        power = facts.power
        if power.reactive_milli is not None:
            reactive = abs(power.reactive_milli) + abs(power.reverse_reactive_milli)
            return of_energy(facts.zone_milli("total", "kWh"), reactive)
        if power.power_factor is None:
            raise FactMissing(fact="无功电量")
        return rounded(power.power_factor)
