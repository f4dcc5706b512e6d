"""Surcharge for tall rooms, as a share of the area fee."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    HUNDRED,
    STRICT,
    Percent,
    Rater,
    Season,
    Text,
    for_categories,
)
from metercash.rating.facts import RatingFacts


Millimeters = Annotated[int, Field(gt=0, le=100_000)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class HeightSurcharge:
    """Adds a share of the lines before it for each step of height above a limit.

    Attributes:
        over_mm: Height up to which nothing is added.
        step_mm: Size of a step.
        percent_per_step: Percent of the area fee for each step.
        partial_step: What a broken step counts: ``WHOLE_STEPS`` nothing, ``STARTED_STEPS`` one,
            ``PROPORTIONAL`` its part.
        max_percent: Ceiling of the surcharge.
        on: Codes of the lines it is a share of.
    """

    kind: Literal["height_surcharge"]
    over_mm: Millimeters
    step_mm: Millimeters
    percent_per_step: Percent
    partial_step: Literal["WHOLE_STEPS", "STARTED_STEPS", "PROPORTIONAL"] = "WHOLE_STEPS"
    max_percent: Percent | None = None
    on: tuple[str, ...] = ("heat.area",)
    code: Text = "heat.height"
    label_zh: Text = "层高加价"
    label_en: Text = "Height surcharge"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def percent(self, height_mm: int) -> Decimal:
        """Percent added at a height."""
        excess = height_mm - self.over_mm
        if excess <= 0:
            return Decimal(0)
        if self.partial_step == "PROPORTIONAL":
            percent = self.percent_per_step * excess / self.step_mm
        else:
            whole, rest = divmod(excess, self.step_mm)
            started = 1 if rest and self.partial_step == "STARTED_STEPS" else 0
            percent = self.percent_per_step * (whole + started)
        return percent if self.max_percent is None else min(percent, self.max_percent)

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        names = ("基价（元）", "层高（mm）", "起加层高（mm）", "加价比例（%）")
        basis = Basis(self.clause, citation, names, "{0} × {3}%")
        over_mm, on, percent_at = self.over_mm, self.on, self.percent
        step_price = self.percent_per_step / HUNDRED
        kind = LineKind(self.code, self.label_zh, self.label_en, "%", step_price, basis)

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            if facts.height_mm <= over_mm:
                return
            percent = percent_at(facts.height_mm)
            if not percent:
                return
            base = sum((x.because.exact for x in lines if x.code in on), Decimal(0))
            values = (base, facts.height_mm, over_mm, percent)
            lines.append(kind.line(percent, base * percent / HUNDRED, values))

        return for_categories(self.categories, rater)
