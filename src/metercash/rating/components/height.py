"""Surcharge for tall rooms, as a share of the area fee."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.rating.bill import Basis, Line, LineKind, Value
from metercash.rating.components.base import (
    HUNDRED,
    STRICT,
    Percent,
    Rater,
    Season,
    Text,
    for_categories,
)
from metercash.rating.errors import PriceNegotiated
from metercash.rating.facts import RatingFacts


Millimeters = Annotated[int, Field(gt=0, le=100_000)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class HeightSurcharge:
    """Adds a share of the lines before it to rooms above a limit, in one of three ways.

    ``step_mm`` with ``percent_per_step`` adds by steps of the height above the limit,
    ``ratio_of_mm`` multiplies by height ÷ that height, ``flat_percent`` adds one share to all.

    Attributes:
        over_mm: Height up to which nothing is added.
        step_mm: Size of a step.
        percent_per_step: Percent of the area fee for each step.
        partial_step: What a broken step counts: ``WHOLE_STEPS`` nothing, ``STARTED_STEPS`` one,
            ``PROPORTIONAL`` its part.
        ratio_of_mm: The height the price is made for.
        flat_percent: 100 for the double price.
        max_percent: Ceiling of the surcharge.
        negotiated_over_mm: Height above which the price is left to agreement: rating is refused.
        on: Codes of the lines it is a share of.
    """

    kind: Literal["height_surcharge"]
    over_mm: Millimeters
    step_mm: Millimeters | None = None
    percent_per_step: Percent | None = None
    partial_step: Literal["WHOLE_STEPS", "STARTED_STEPS", "PROPORTIONAL"] = "WHOLE_STEPS"
    ratio_of_mm: Millimeters | None = None
    flat_percent: Percent | None = None
    max_percent: Percent | None = None
    negotiated_over_mm: Millimeters | None = None
    on: tuple[str, ...] = ("heat.area",)
    code: Text = "heat.height"
    label_zh: Text = "层高加价"
    label_en: Text = "Height surcharge"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.step_mm is None) != (self.percent_per_step is None):
            msg = "step_mm 与 percent_per_step 应一起写"
            raise ValueError(msg)
        ways = (self.step_mm, self.ratio_of_mm, self.flat_percent)
        if sum(way is not None for way in ways) != 1:
            msg = "step_mm、ratio_of_mm 与 flat_percent 应写且只写一个"
            raise ValueError(msg)
        if self.ratio_of_mm is not None and self.ratio_of_mm > self.over_mm:
            msg = "ratio_of_mm 不应高于 over_mm，否则加价会是负数"
            raise ValueError(msg)

    def percent(self, height_mm: int) -> tuple[Decimal, int, int]:
        """Percent added at a height, as ``percent × dividend ÷ divisor``: thirds stay exact."""
        if height_mm <= self.over_mm:
            return Decimal(0), 1, 1
        percent, dividend, divisor = self._unlimited(height_mm)
        if self.max_percent is not None and percent * dividend > self.max_percent * divisor:
            return self.max_percent, 1, 1
        return percent, dividend, divisor

    def _unlimited(self, height_mm: int) -> tuple[Decimal, int, int]:
        if self.flat_percent is not None:
            return self.flat_percent, 1, 1
        if self.ratio_of_mm is not None:
            return HUNDRED, height_mm - self.ratio_of_mm, self.ratio_of_mm
        assert self.step_mm is not None
        assert self.percent_per_step is not None
        excess = height_mm - self.over_mm
        if self.partial_step == "PROPORTIONAL":
            return self.percent_per_step, excess, self.step_mm
        whole, rest = divmod(excess, self.step_mm)
        started = 1 if rest and self.partial_step == "STARTED_STEPS" else 0
        return self.percent_per_step * (whole + started), 1, 1

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component.

        The function raises :class:`PriceNegotiated` above ``negotiated_over_mm``.
        """
        over_mm, negotiated, on = self.over_mm, self.negotiated_over_mm, self.on
        names = ("基价（元）", "层高（mm）", "起加层高（mm）", "加价比例（%）")
        whole = self._kind(Basis(self.clause, citation, names, "{0} × {3}%"))
        by_part = (*names, "计入高度（mm）", "每高（mm）")
        parted = self._kind(Basis(self.clause, citation, by_part, "{0} × {3}% × {4} ÷ {5}"))

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            height = facts.height_mm
            if height <= over_mm:
                return
            if negotiated is not None and height > negotiated:
                raise PriceNegotiated(what=f"层高超过 {negotiated} mm")
            percent, dividend, divisor = self.percent(height)
            if not percent:
                return
            base = sum((line.exact for line in lines if line.code in on), Decimal(0))
            values: tuple[Value, ...] = (base, height, over_mm, percent)
            if dividend == divisor == 1:
                lines.append(whole.line(percent, base * percent / HUNDRED, values))
                return
            exact = base * percent * dividend / (HUNDRED * divisor)
            values = (*values, dividend, divisor)
            lines.append(parted.line(percent * dividend / divisor, exact, values))

        return for_categories(self.categories, rater)

    def _kind(self, basis: Basis) -> LineKind:
        price = (self.percent_per_step or self.flat_percent or HUNDRED) / HUNDRED
        return LineKind(self.code, self.label_zh, self.label_en, "%", price, basis)
