"""What is taken off the lines before: discounts, subsidies, ceilings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    HUNDRED,
    STRICT,
    Positive,
    Rater,
    Season,
    Text,
    for_categories,
    sum_fen,
)
from metercash.rating.facts import RatingFacts, from_milli


Share = Annotated[Decimal, Field(gt=0, le=100, decimal_places=6)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Step:
    """A percentage for those who pay in time.

    Attributes:
        until: First day on which it no longer holds: the day after the last one a notice names.
        since: First day; left out, the day the step before ends.
    """

    percent: Share
    until: date
    since: date | None = None

    def __post_init__(self) -> None:
        if self.since is not None and self.since >= self.until:
            msg = "since 应早于 until（until 是失效的第一天）"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Discount:
    """A percentage off for accounts that hold a proof, or that paid in time or by a channel.

    Attributes:
        percent: Percent taken off the sum of the lines it is on.
        evidence: Code the account must hold; may be left out beside ``steps``.
        steps: Percentages by the day of payment, in the place of ``percent``; the first that holds.
        channels: Channels of payment it is for, such as ``WECHAT``; none means every channel.
        unless: Codes that forbid it, such as ``IN_ARREARS``.
        on: Prefixes of line codes; none means every line before.
    """

    kind: Literal["discount"]
    percent: Share | None = None
    evidence: Text = ""
    steps: Annotated[tuple[Step, ...], Field(max_length=20)] = ()
    channels: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    code: Text = "discount"
    label_zh: Text = "优惠"
    label_en: Text = "Discount"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.percent is None) != bool(self.steps):
            msg = "percent 与 steps 应写且只写一个"
            raise ValueError(msg)
        if not (self.evidence or self.steps or self.channels):
            msg = "evidence、steps、channels 至少写一个，否则人人可得"
            raise ValueError(msg)
        if any(step.until >= following.until for step, following in pairwise(self.steps)):
            msg = "steps 应按 until 先后排列"
            raise ValueError(msg)

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        basis = Basis(self.clause, citation, ("计算基数（元）", "优惠（%）"), "0 − {0} × {1}%")
        percents = [self.percent, *(step.percent for step in self.steps)]
        kinds = {
            percent: LineKind(
                self.code, self.label_zh, self.label_en, "元", -percent / HUNDRED, basis
            )
            for percent in percents
            if percent is not None
        }

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            percent = self._earned(facts)
            yuan = Decimal(max(0, sum_fen(lines, self.on))).scaleb(-2)
            if percent and yuan:
                exact = -yuan * percent / HUNDRED
                lines.append(kinds[percent].line(yuan, exact, (yuan, percent)))

        return for_categories(self.categories, rater)

    def _earned(self, facts: RatingFacts) -> Decimal | None:
        """Percent the account has earned, or ``None``."""
        if self.evidence and self.evidence not in facts.evidence:
            return None
        if not facts.evidence.isdisjoint(self.unless):
            return None
        if self.channels and facts.heat.paid_by not in self.channels:
            return None
        return self.percent if self.percent is not None else self._by_day(facts.heat.paid_on)

    def _by_day(self, paid_on: date | None) -> Decimal | None:
        if paid_on is None:
            return None
        for step in self.steps:
            if paid_on < step.until:
                early = step.since is not None and paid_on < step.since
                return None if early else step.percent
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Subsidy:
    """Money or free units for accounts that hold a proof; never takes the bill below zero.

    Attributes:
        per: ``PERCENT`` of the lines before, ``SQUARE_METER``, ``BILL`` (yuan), or ``FREE_UNIT``
            (``units`` at ``amount`` yuan, no more than used).
        amount: Percent or yuan, as ``per`` says.
        units: Free units of the period.
    """

    kind: Literal["subsidy"]
    per: Literal["PERCENT", "SQUARE_METER", "BILL", "FREE_UNIT"]
    amount: Positive
    evidence: Text
    units: Positive = Decimal(1)
    unit: Literal["kWh", "GJ"] = "kWh"
    code: Text = "subsidy"
    label_zh: Text = "补贴"
    label_en: Text = "Subsidy"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        names = ("补贴标准", "数量", "不超过本账单（元）")
        amount = self.amount / HUNDRED if self.per == "PERCENT" else self.amount
        basis = Basis(self.clause, citation, names, "0 − min({0} × {1}, {2})")
        unit = {"PERCENT": "元", "SQUARE_METER": "m²", "BILL": "1", "FREE_UNIT": self.unit}
        kind = LineKind(self.code, self.label_zh, self.label_en, unit[self.per], -amount, basis)

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            if self.evidence not in facts.evidence:
                return
            charged = Decimal(max(0, sum_fen(lines, ()))).scaleb(-2)
            quantity = self._quantity(facts, charged)
            exact = min(amount * quantity, charged)
            if exact:
                lines.append(kind.line(quantity, -exact, (amount, quantity, charged)))

        return for_categories(self.categories, rater)

    def _quantity(self, facts: RatingFacts, charged: Decimal) -> Decimal:
        match self.per:
            case "PERCENT":
                return charged
            case "SQUARE_METER":
                return facts.area(usable=False)
            case "BILL":
                return Decimal(1)
            case _:
                return min(self.units, from_milli(facts.zone_milli("total", self.unit)))


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Cap:
    """A ceiling on the sum of the lines before, in yuan for the bill or for each square meter."""

    kind: Literal["cap"]
    amount: Positive
    per: Literal["BILL", "SQUARE_METER"] = "BILL"
    on: tuple[str, ...] = ()
    code: Text = "cap"
    label_zh: Text = "封顶减免"
    label_en: Text = "Ceiling"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        names = ("上限标准（元）", "数量", "此前合计（元）")
        basis = Basis(self.clause, citation, names, "{0} × {1} − {2}")
        by_area = self.per == "SQUARE_METER"
        unit = "m²" if by_area else "1"
        kind = LineKind(self.code, self.label_zh, self.label_en, unit, self.amount, basis)

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            quantity = facts.area(usable=False) if by_area else Decimal(1)
            charged = Decimal(sum_fen(lines, self.on)).scaleb(-2)
            over = self.amount * quantity - charged
            if over < 0:
                lines.append(kind.line(quantity, over, (self.amount, quantity, charged)))

        return for_categories(self.categories, rater)
