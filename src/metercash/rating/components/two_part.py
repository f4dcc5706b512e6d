"""Two-part heat: a basic charge by area, a metered charge by heat, and what settles them."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic.dataclasses import dataclass

from metercash.rating.bill import Basis, Line, LineKind
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
from metercash.rating.facts import METER_FAULTY, RatingFacts, from_milli


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TwoPart:
    """Basic × area + metered × heat, then the settlement policy.

    Attributes:
        basic: Yuan per square meter and ``basic_per``.
        metered: Yuan per ``unit`` of heat.
        area_price: Yuan per square meter of the plain area fee, the yardstick of the settlement.
        settlement: ``BOTH_WAYS`` (no limit), ``NEVER_ABOVE_AREA_FEE``, or ``CAPPED_OVER_AREA``
            (at most ``cap_percent`` above the area fee).
        heat_factor: Yearly correction of the measured heat.
        factor: Share of the area that counts.
    """

    kind: Literal["two_part"]
    basic: Positive
    metered: Positive
    unit: Literal["kWh", "GJ"]
    area_price: Positive
    basic_per: Literal["SEASON", "DAY"] = "SEASON"
    settlement: Literal["BOTH_WAYS", "NEVER_ABOVE_AREA_FEE", "CAPPED_OVER_AREA"] = "BOTH_WAYS"
    cap_percent: Percent = Decimal(0)
    heat_factor: Positive = Decimal(1)
    factor: Positive = Decimal(1)
    usable: bool = False
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component.

        A home whose meter is proved faulty (evidence ``METER_FAULTY``) pays the plain area fee.
        """
        fee = _Fees(self, citation, season)

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            area = facts.area(usable=self.usable)
            by_area = fee.by_area(facts, area)
            if METER_FAULTY in facts.evidence:
                lines.append(by_area)
            else:
                both = (fee.basic(facts, area), fee.metered(facts))
                lines.extend(both)
                lines.extend(fee.settled(by_area, both))
            if facts.prepaid_fen:
                lines.append(fee.prepaid(facts.prepaid_fen))

        return for_categories(self.categories, rater)


class _Fees:
    """The lines of one two-part component, everything constant made ready."""

    def __init__(self, part: TwoPart, citation: str, season: Season | None) -> None:
        self.part, self.season = part, season
        names = ("单价（元/m²）", "面积（m²）", "面积系数", "天数")
        template = "{0} × {1} × {2}" if part.factor != 1 else "{0} × {1}"
        template += " × {3}" if part.basic_per == "DAY" else ""
        basis = Basis(part.clause, citation, names, template)
        self.area_line = LineKind(
            "heat.area", "面积热费（计量表故障，按面积）", "Area charge (meter faulty)", "m²",
            part.area_price, basis,
        )  # fmt: skip
        self.basic_line = LineKind(
            "heat.basic", "基本热费", "Basic heat charge", "m²", part.basic, basis
        )
        self.metered_line = usage_kind(
            "heat.metered", "计量热费", "Metered heat charge", part.unit, part.metered,
            (part.clause, citation),
        )  # fmt: skip
        if part.heat_factor != 1:
            factored = Basis(
                part.clause, citation,
                (*self.metered_line.basis.names, "热量修正系数"), "{0} × {1} × {2}",
            )  # fmt: skip
            self.metered_line = LineKind(
                "heat.metered", "计量热费", "Metered heat charge", part.unit, part.metered, factored
            )
        capped = ("面积热费（元）", "上限（%）", "基本热费加计量热费（元）")
        self.cap_line = LineKind(
            "heat.cap", "超上限减免", "Reduction to the ceiling", "1", Decimal(1),
            Basis(part.clause, citation, capped, "{0} × {1}% − {2}"),
        )  # fmt: skip
        self.prepaid_line = LineKind(
            "heat.prepaid", "已预收热费", "Already charged", "1", Decimal(1),
            Basis(part.clause, citation, ("已预收（元）",), "0 − {0}"),
        )  # fmt: skip

    def _times_area(self, price: Decimal, facts: RatingFacts, area: Decimal) -> tuple[Decimal, int]:
        exact = price * area * self.part.factor
        if self.part.basic_per == "SEASON":
            return exact, 1
        served, _ = served_days(self.season, facts.period.start, facts.period.end)
        return exact * served, served

    def by_area(self, facts: RatingFacts, area: Decimal) -> Line:
        exact, days = self._times_area(self.part.area_price, facts, area)
        return self.area_line.line(
            area, exact, (self.part.area_price, area, self.part.factor, days)
        )

    def basic(self, facts: RatingFacts, area: Decimal) -> Line:
        exact, days = self._times_area(self.part.basic, facts, area)
        return self.basic_line.line(area, exact, (self.part.basic, area, self.part.factor, days))

    def metered(self, facts: RatingFacts) -> Line:
        part = self.part
        heat = from_milli(facts.zone_milli("total", part.unit))
        values = (part.metered, heat)
        if part.heat_factor != 1:
            values = (*values, part.heat_factor)  # type: ignore[assignment]
        return self.metered_line.line(heat, part.metered * heat * part.heat_factor, values)

    def settled(self, by_area: Line, both: tuple[Line, Line]) -> list[Line]:
        """The line that brings the sum down to the ceiling, if it is above."""
        part = self.part
        if part.settlement == "BOTH_WAYS":
            return []
        percent = HUNDRED
        if part.settlement == "CAPPED_OVER_AREA":
            percent += part.cap_percent
        charged = both[0].amount.yuan + both[1].amount.yuan
        over = by_area.because.exact * percent / HUNDRED - charged
        if over >= 0:
            return []
        return [self.cap_line.line(Decimal(1), over, (by_area.because.exact, percent, charged))]

    def prepaid(self, fen: int) -> Line:
        yuan = Decimal(fen).scaleb(-2)
        return self.prepaid_line.line(Decimal(1), -yuan, (yuan,))
