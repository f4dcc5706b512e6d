"""Price times area: by season, by month or by day; a home's own area and parts counted apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass as plain_dataclass
from decimal import Decimal
from math import prod
from typing import Annotated, Literal, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.rating.bill import Basis, Line, LineKind, Value
from metercash.rating.components.base import (
    STRICT,
    Amount,
    Positive,
    Rater,
    Season,
    Text,
    for_categories,
    served_days,
)
from metercash.rating.components.late_start import LateStarts, heated_days
from metercash.rating.errors import FactMissing, TermsMissing
from metercash.rating.facts import RatingFacts, from_milli
from metercash.rating.facts_heat import AreaPart


Per: TypeAlias = Literal["SEASON", "MONTH", "DAY"]
Proration: TypeAlias = Literal["FULL_SEASON", "ACTUAL_DAYS"]
Millimeters = Annotated[int, Field(gt=0, le=100_000)]

_PER_ZH = {"SEASON": "供暖期", "MONTH": "月", "DAY": "日"}


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Area:
    """Area fee.

    Attributes:
        price: Yuan per square meter and ``per``.
        per: ``SEASON``, ``MONTH`` (times ``months``) or ``DAY`` (times days served in the season).
        factor: Share of the area that counts, such as 0.90 for multi-story buildings.
        usable: Price by the usable area instead of the chargeable one.
        usable_divisor: The price is per chargeable square meter and divided by this for a usable
            one, such as 0.75.
        proration: ``FULL_SEASON``, or ``ACTUAL_DAYS`` to charge days served ÷ days of the season.
        late_by_days: Late starts that are charged by days although others pay the full season.
    """

    kind: Literal["area"]
    price: Positive
    per: Per = "SEASON"
    months: Positive = Decimal(1)
    factor: Positive = Decimal(1)
    usable: bool = False
    usable_divisor: Positive | None = None
    proration: Proration = "FULL_SEASON"
    late_by_days: LateStarts = ()
    code: Text = "heat.area"
    label_zh: Text = "面积热费"
    label_en: Text = "Area charge"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.usable_divisor is not None and not self.usable:
            msg = "写了 usable_divisor 就应写 usable: true"
            raise ValueError(msg)

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        pricing = _Pricing(
            self, self.factor, self.usable_divisor, "使用面积（m²）" if self.usable else "面积（m²）",
            season,
        )  # fmt: skip
        basis = pricing.basis(self.clause, citation)
        kind = LineKind(self.code, self.label_zh, self.label_en, "m²", self.price, basis)
        prorated_basis = pricing.basis(self.clause, citation, prorated=True)
        part = LineKind(self.code, self.label_zh, self.label_en, "m²", self.price, prorated_basis)
        usable = self.usable

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            lines.append(pricing.line(facts, facts.area(usable=usable), kind, part))

        return for_categories(self.categories, rater)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PartRule:
    """How one kind of part counts.

    Attributes:
        part: What the facts call it.
        factor: Share of its area that counts; 0 where it is free.
        full_from_mm: Clear height from which ``factor`` holds.
        low_factor: Share that counts below ``full_from_mm``.
        low_code: Code of the line of the low areas.
    """

    part: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")]
    factor: Amount
    code: Text
    label_zh: Text
    label_en: Text
    full_from_mm: Millimeters | None = None
    low_factor: Amount | None = None
    low_code: Text = ""
    clause: Text = ""

    def __post_init__(self) -> None:
        low = (self.full_from_mm is not None, self.low_factor is not None, bool(self.low_code))
        if any(low) != all(low):
            msg = "full_from_mm、low_factor 与 low_code 应一起写"
            raise ValueError(msg)

    def is_low(self, part: AreaPart) -> bool:
        """Whether the part is below the height from which it counts fully.

        Raises:
            FactMissing: if the rule asks for its height and it is unknown.
        """
        if self.full_from_mm is None:
            return False
        if part.height_mm <= 0:
            raise FactMissing(fact=f"{self.label_zh}层高")
        return part.height_mm < self.full_from_mm


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class AreaParts:
    """Balconies, stairwells, attics: areas beside the chargeable one, each with its factor.

    A line for each rule that finds area; low areas have a line of their own. A part that no rule
    names is refused.

    Attributes:
        price: Yuan per square meter and ``per``, as of ``area``.
    """

    kind: Literal["area_parts"]
    price: Positive
    parts: Annotated[tuple[PartRule, ...], Field(min_length=1, max_length=20)]
    per: Per = "SEASON"
    months: Positive = Decimal(1)
    proration: Proration = "FULL_SEASON"
    late_by_days: LateStarts = ()
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [rule.part for rule in self.parts]
        if len(set(names)) != len(names):
            msg = "parts 中每种 part 只应写一次"
            raise ValueError(msg)

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        sorts = [sort for rule in self.parts for sort in self._sorts(rule, citation, season)]
        known = frozenset(rule.part for rule in self.parts)

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            parts = facts.heat.parts
            for unknown in (part.part for part in parts if part.part not in known):
                raise TermsMissing(what=f"{unknown} 面积", on=facts.period.start)
            for sort in sorts:
                milli = sum(_positive(part) for part in parts if sort.takes(part))
                if milli:
                    area = from_milli(milli)
                    lines.append(sort.pricing.line(facts, area, sort.kind, sort.part_season))

        return for_categories(self.categories, rater)

    def _sorts(self, rule: PartRule, citation: str, season: Season | None) -> Iterator[_Sort]:
        counted = [(rule.factor, rule.code)]
        if rule.low_factor is not None:
            counted.append((rule.low_factor, rule.low_code))
        clause = rule.clause or self.clause
        for low, (factor, code) in enumerate(counted):
            pricing = _Pricing(self, factor, None, "面积（m²）", season)
            whole, part = (
                LineKind(
                    code, rule.label_zh, rule.label_en, "m²", self.price,
                    pricing.basis(clause, citation, prorated=prorated),
                )
                for prorated in (False, True)
            )  # fmt: skip
            yield _Sort(rule, bool(low), pricing, whole, part)


@plain_dataclass(frozen=True, slots=True)
class _Sort:
    """Parts that share a line."""

    rule: PartRule
    low: bool
    pricing: _Pricing
    kind: LineKind
    part_season: LineKind

    def takes(self, part: AreaPart) -> bool:
        return part.part == self.rule.part and self.rule.is_low(part) is self.low


def _positive(part: AreaPart) -> int:
    if part.area_milli <= 0:
        raise FactMissing(fact=f"{part.part} 面积")
    return part.area_milli


class _Pricing:
    """Price × area × factor, times months or days; everything constant made ready."""

    def __init__(
        self, fee: Area | AreaParts, factor: Decimal, divisor: Decimal | None, area_zh: str,
        season: Season | None,
    ) -> None:  # fmt: skip
        self.fee, self.factor, self.season = fee, factor, season
        self.divisor = divisor or Decimal(1)
        self.area_zh = area_zh
        self.factors = (*(() if factor == 1 else (factor,)), *self._months())
        self.fixed = prod(self.factors, start=fee.price)
        self.by_days = fee.proration == "ACTUAL_DAYS"

    def _months(self) -> tuple[Decimal, ...]:
        return (self.fee.months,) if self.fee.per == "MONTH" else ()

    def basis(self, clause: str, citation: str, *, prorated: bool = False) -> Basis:
        """Inputs and arithmetic, by days of the season or not; a factor of one is left unsaid."""
        fee = self.fee
        names = [f"单价（元/m²·{_PER_ZH[fee.per]}）", self.area_zh]
        names += ["面积系数"] if self.factor != 1 else []
        names += {"DAY": ["供热天数"], "MONTH": ["月数"], "SEASON": []}[fee.per]
        template = " × ".join(f"{{{index}}}" for index in range(len(names)))
        if prorated and fee.per != "DAY":
            template += f" × {{{len(names)}}} ÷ {{{len(names) + 1}}}"
            names += ["供热天数", "供暖期天数"]
        if self.divisor != 1:
            template += f" ÷ {{{len(names)}}}"
            names.append("使用面积与建筑面积之比")
        return Basis(clause, citation, tuple(names), template)

    def line(self, facts: RatingFacts, area: Decimal, full: LineKind, part: LineKind) -> Line:
        """The line of an area; of ``part`` where it is charged by days of the season."""
        fee, season, divisor = self.fee, self.season, self.divisor
        by_days = self.by_days or facts.heat.supply in fee.late_by_days
        ratio = () if divisor == 1 else (divisor,)
        exact = self.fixed * area
        values: tuple[Value, ...] = (fee.price, area, *self.factors)
        if fee.per == "DAY":
            start, end = facts.period.start, facts.period.end
            served, _ = heated_days(facts, season) if by_days else served_days(season, start, end)
            return full.line(area, exact * served / divisor, (*values, served, *ratio))
        if by_days:
            served, whole = heated_days(facts, season)
            values = (*values, served, whole, *ratio)
            return part.line(area, exact * served / (divisor * whole), values)
        return full.line(area, exact / divisor, (*values, *ratio))
