"""Price times area: by season, by month or by day."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic.dataclasses import dataclass

from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    STRICT,
    Positive,
    Rater,
    Season,
    Text,
    for_categories,
    served_days,
)
from metercash.rating.facts import RatingFacts


_PER_ZH = {"SEASON": "供暖期", "MONTH": "月", "DAY": "日"}


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Area:
    """Area fee.

    Attributes:
        price: Yuan per square meter and ``per``.
        per: ``SEASON``, ``MONTH`` (times ``months``) or ``DAY`` (times days served in the season).
        factor: Share of the area that counts, such as 0.90 for multi-story buildings.
        usable: Price by the usable area instead of the chargeable one.
        proration: ``FULL_SEASON``, or ``ACTUAL_DAYS`` to charge days served ÷ days of the season.
    """

    kind: Literal["area"]
    price: Positive
    per: Literal["SEASON", "MONTH", "DAY"] = "SEASON"
    months: Positive = Decimal(1)
    factor: Positive = Decimal(1)
    usable: bool = False
    proration: Literal["FULL_SEASON", "ACTUAL_DAYS"] = "FULL_SEASON"
    code: Text = "heat.area"
    label_zh: Text = "面积热费"
    label_en: Text = "Area charge"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        price, factor, usable = self.price, self.factor, self.usable
        by_day = self.per == "DAY"
        prorated = self.per == "SEASON" and self.proration == "ACTUAL_DAYS"
        fixed = self.price * self.factor * (self.months if self.per == "MONTH" else 1)
        kind = self._line_kind(citation, prorated=prorated)
        months = self.months

        def full(facts: RatingFacts, lines: list[Line]) -> None:
            area = facts.area(usable=usable)
            lines.append(kind.line(area, fixed * area, (price, area, factor, months)))

        def daily(facts: RatingFacts, lines: list[Line]) -> None:
            area = facts.area(usable=usable)
            served, _ = served_days(season, facts.period.start, facts.period.end)
            lines.append(kind.line(area, fixed * area * served, (price, area, factor, served)))

        def part(facts: RatingFacts, lines: list[Line]) -> None:
            area = facts.area(usable=usable)
            served, whole = served_days(season, facts.period.start, facts.period.end)
            values = (price, area, factor, served, whole)
            lines.append(kind.line(area, fixed * area * served / whole, values))

        rater = daily if by_day else part if prorated else full
        return for_categories(self.categories, rater)

    def _line_kind(self, citation: str, *, prorated: bool) -> LineKind:
        names = [
            f"单价（元/m²·{_PER_ZH[self.per]}）",
            "使用面积（m²）" if self.usable else "面积（m²）",
        ]
        names.append("面积系数")
        template = "{0} × {1}" if self.factor == 1 else "{0} × {1} × {2}"
        if prorated:
            names += ["供热天数", "供暖期天数"]
            template += " × {3} ÷ {4}"
        elif self.per == "DAY":
            names.append("供热天数")
            template += " × {3}"
        else:
            names.append("月数")
            template += " × {3}" if self.per == "MONTH" else ""
        basis = Basis(self.clause, citation, tuple(names), template)
        return LineKind(self.code, self.label_zh, self.label_en, "m²", self.price, basis)
