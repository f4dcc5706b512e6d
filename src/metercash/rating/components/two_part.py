"""Two-part heat: a basic charge by area, a metered charge by heat, and what settles them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import prod
from typing import Annotated, Literal, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.money import Money
from metercash.rating.bill import Basis, Line, LineKind, Value
from metercash.rating.components.base import (
    HUNDRED,
    STRICT,
    Percent,
    Positive,
    Rater,
    Season,
    Text,
    for_categories,
    served_days,
    usage_kind,
)
from metercash.rating.components.late_start import LateStarts, heated_days
from metercash.rating.errors import TermsMissing
from metercash.rating.facts import METER_FAULTY, RatingFacts, from_milli


Year = Annotated[int, Field(ge=1990, le=2200)]
_LIMITED = ("NEVER_ABOVE_AREA_FEE", "CAPPED_OVER_AREA")
_ONE = Decimal(1)
_Priced: TypeAlias = tuple[LineKind, Decimal, tuple[Value, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TwoPart:
    """Basic × area + metered × heat, then the settlement policy.

    Attributes:
        basic: Yuan per square meter and ``basic_per``.
        metered: Yuan per ``unit`` of heat.
        area_price: Yuan per square meter of the plain area fee, the yardstick of the settlement and
            what a home with a faulty meter pays.
        basic_per: ``SEASON``, ``MONTH`` (times ``months``) or ``DAY`` (times days with heat); the
            ``area_price`` is per the same.
        settlement: ``BOTH_WAYS`` (no limit), ``NEVER_ABOVE_AREA_FEE``, ``CAPPED_OVER_AREA`` (at
            most ``cap_percent`` above the area fee), or ``CARRIED_TO_NEXT_SEASON`` (the difference
            to what was prepaid is neither paid back nor asked for, but brought to the next season).
        heat_factor: Correction of the measured heat, the same every year.
        heat_factors: Correction by the year a season begins in, in the place of ``heat_factor``.
        factor: Share of the area that counts.
        late_by_days: Late starts whose basic charge and ceiling are by days of the season.
    """

    kind: Literal["two_part"]
    basic: Positive
    metered: Positive
    unit: Literal["kWh", "GJ"]
    area_price: Positive | None = None
    basic_per: Literal["SEASON", "MONTH", "DAY"] = "SEASON"
    months: Positive = Decimal(1)
    settlement: Literal[
        "BOTH_WAYS", "NEVER_ABOVE_AREA_FEE", "CAPPED_OVER_AREA", "CARRIED_TO_NEXT_SEASON"
    ] = "BOTH_WAYS"
    cap_percent: Percent = Decimal(0)
    heat_factor: Positive = Decimal(1)
    heat_factors: Mapping[Year, Positive] | None = None
    factor: Positive = Decimal(1)
    usable: bool = False
    late_by_days: LateStarts = ()
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.settlement in _LIMITED and self.area_price is None:
            msg = "settlement 有上限，应写 area_price"
            raise ValueError(msg)
        if self.cap_percent and self.settlement != "CAPPED_OVER_AREA":
            msg = "cap_percent 只用于 settlement: CAPPED_OVER_AREA"
            raise ValueError(msg)
        if self.heat_factors is not None and self.heat_factor != 1:
            msg = "heat_factor 与 heat_factors 只能写一个"
            raise ValueError(msg)

    def factor_of(self, on: date, season: Season | None) -> Decimal:
        """Correction of the heat of the season that holds the day.

        Raises:
            TermsMissing: if the factor of its year has not been published.
        """
        if self.heat_factors is None:
            return self.heat_factor
        season_start = season.containing_or_next(on).start if season else on
        if season_start.year not in self.heat_factors:
            raise TermsMissing(what="热量修正系数", on=season_start)
        return self.heat_factors[season_start.year]

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component.

        A home whose meter is proved faulty (evidence ``METER_FAULTY``) pays the plain area fee; the
        function raises :class:`TermsMissing` where the document has none.
        """
        fees = _Fees(self, citation, season)

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            area = facts.area(usable=self.usable)
            if METER_FAULTY in facts.evidence:
                own = [fees.by_area(facts, area)]
            else:
                factor = self.factor_of(facts.period.start, season)
                own = [fees.basic(facts, area), fees.metered(facts, factor)]
                if self.settlement in _LIMITED:
                    own += fees.above_the_ceiling(facts, area, own)
            if facts.heat.carried_fen:
                own.append(fees.carried_in(facts.heat.carried_fen))
            if facts.prepaid_fen:
                own.append(fees.prepaid(facts.prepaid_fen))
                if self.settlement == "CARRIED_TO_NEXT_SEASON":
                    own += fees.carried_out(own)
            lines.extend(own)

        return for_categories(self.categories, rater)


class _Fees:
    """The lines of one two-part component, everything constant made ready."""

    def __init__(self, part: TwoPart, citation: str, season: Season | None) -> None:
        self.part, self.season, self.clause = part, season, (part.clause, citation)
        months = (part.months,) if part.basic_per == "MONTH" else ()
        self.factors = (*(() if part.factor == 1 else (part.factor,)), *months)
        self.factor = prod(self.factors, start=_ONE)
        self.basic_kinds = self._by_area_kinds(
            "heat.basic", ("基本热费", "Basic heat charge"), part.basic
        )
        labels = ("面积热费（计量表故障，按面积）", "Area charge (meter faulty)")
        self.area_kinds = (
            self._by_area_kinds("heat.area", labels, part.area_price) if part.area_price else None
        )
        metered = usage_kind(
            "heat.metered", "计量热费", "Metered heat charge", part.unit, part.metered, self.clause
        )
        factored = Basis(*self.clause, (*metered.basis.names, "热量修正系数"), "{0} × {1} × {2}")
        self.metered_line = metered
        self.factored_line = LineKind(
            "heat.metered", "计量热费", "Metered heat charge", part.unit, part.metered, factored
        )
        capped = ("面积热费（元）", "上限（%）", "基本热费加计量热费（元）")
        self.cap_line = self._one(
            "heat.cap", "超上限减免", "Reduction to the ceiling", capped, "{0} × {1}% − {2}"
        )
        self.prepaid_line = self._one(
            "heat.prepaid", "已预收热费", "Already charged", ("已预收（元）",), "0 − {0}"
        )
        self.carried_in_line = self._one(
            "heat.carried_in", "上期结转", "Brought from last season", ("上期差额（元）",), "{0}"
        )
        self.carried_out_line = self._one(
            "heat.carried_out", "结转下期", "Carried to next season", ("本期差额（元）",), "0 − {0}"
        )

    def _one(
        self, code: str, label_zh: str, label_en: str, names: tuple[str, ...], template: str
    ) -> LineKind:
        return LineKind(code, label_zh, label_en, "1", _ONE, Basis(*self.clause, names, template))

    def _by_area_kinds(
        self, code: str, labels: tuple[str, str], price: Decimal
    ) -> tuple[LineKind, LineKind]:
        """The kinds of a charge by area: of a full season, and of a late start."""
        part = self.part
        names = ["单价（元/m²）", "面积（m²）"]
        names += ["面积系数"] if part.factor != 1 else []
        names += {"DAY": ["天数"], "MONTH": ["月数"], "SEASON": []}[part.basic_per]
        template = " × ".join(f"{{{index}}}" for index in range(len(names)))
        full = Basis(*self.clause, tuple(names), template)
        kind = LineKind(code, *labels, "m²", price, full)
        if part.basic_per == "DAY":
            return kind, kind
        days = f" × {{{len(names)}}} ÷ {{{len(names) + 1}}}"
        late = Basis(*self.clause, (*names, "供热天数", "供暖期天数"), template + days)
        return kind, LineKind(code, *labels, "m²", price, late)

    def _times_area(
        self, kinds: tuple[LineKind, LineKind], facts: RatingFacts, area: Decimal
    ) -> _Priced:
        """Price × area × factor, by months, by days, or by the days of a late start."""
        price = kinds[0].price
        exact = price * area * self.factor
        values = (price, area, *self.factors)
        late = facts.heat.supply in self.part.late_by_days
        if self.part.basic_per == "DAY":
            start, end = facts.period.start, facts.period.end
            by_days = heated_days(facts, self.season) if late else None
            served, _ = by_days or served_days(self.season, start, end)
            return kinds[0], exact * served, (*values, served)
        if late:
            served, whole = heated_days(facts, self.season)
            return kinds[1], exact * served / whole, (*values, served, whole)
        return kinds[0], exact, values

    def by_area(self, facts: RatingFacts, area: Decimal) -> Line:
        """The plain area fee.

        Raises:
            TermsMissing: if the document has none.
        """
        kind, exact, values = self._area_fee(facts, area)
        return kind.line(area, exact, values)

    def _area_fee(self, facts: RatingFacts, area: Decimal) -> _Priced:
        if self.area_kinds is None:
            raise TermsMissing(what="计量表故障时的面积热费", on=facts.period.start)
        return self._times_area(self.area_kinds, facts, area)

    def basic(self, facts: RatingFacts, area: Decimal) -> Line:
        """The charge by area."""
        kind, exact, values = self._times_area(self.basic_kinds, facts, area)
        return kind.line(area, exact, values)

    def metered(self, facts: RatingFacts, heat_factor: Decimal) -> Line:
        """The charge by heat, corrected by the factor of the year."""
        price = self.part.metered
        heat = from_milli(facts.zone_milli("total", self.part.unit))
        if heat_factor == 1:
            return self.metered_line.line(heat, price * heat, (price, heat))
        exact = price * heat * heat_factor
        return self.factored_line.line(heat, exact, (price, heat, heat_factor))

    def above_the_ceiling(
        self, facts: RatingFacts, area: Decimal, own: Sequence[Line]
    ) -> list[Line]:
        """The line that brings the sum down to the ceiling, if it is above."""
        _, area_fee, _ = self._area_fee(facts, area)
        percent = HUNDRED + self.part.cap_percent
        charged = Money.sum([line.amount for line in own]).yuan
        over = area_fee * percent / HUNDRED - charged
        if over >= 0:
            return []
        return [self.cap_line.line(_ONE, over, (area_fee, percent, charged))]

    def prepaid(self, fen: int) -> Line:
        """What was charged before comes off."""
        yuan = Decimal(fen).scaleb(-2)
        return self.prepaid_line.line(_ONE, -yuan, (yuan,))

    def carried_in(self, fen: int) -> Line:
        """The difference of the season before."""
        yuan = Decimal(fen).scaleb(-2)
        return self.carried_in_line.line(_ONE, yuan, (yuan,))

    def carried_out(self, own: Sequence[Line]) -> list[Line]:
        """The line that leaves nothing to settle this season, if there is a difference."""
        left = Money.sum([line.amount for line in own]).yuan
        return [self.carried_out_line.line(_ONE, -left, (left,))] if left else []
