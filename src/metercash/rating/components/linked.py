"""A price linked to a published cost of fuel or of purchased energy, within caps and after notice."""

from __future__ import annotations

from dataclasses import dataclass as plain_dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.interval import Interval, days
from metercash.kernel.money import allocate_integer
from metercash.kernel.quantity import plain
from metercash.rating import rounding
from metercash.rating.bill import Basis, Line, LineKind, Value
from metercash.rating.components.base import (
    HUNDRED,
    STRICT,
    Amount,
    Positive,
    Rater,
    Season,
    Text,
    for_categories,
)
from metercash.rating.errors import UsageInconsistent
from metercash.rating.facts import RatingFacts, from_milli


PassThrough = Annotated[Decimal, Field(gt=0, le=100, decimal_places=6)]
Cited = Annotated[str, Field(min_length=1, max_length=200)]
MILLI = 1000


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Publication:
    """A published value of the index.

    Attributes:
        noticed_on: Day the customers were told; left out, the day of publication.
        effective_on: First day of the price it makes; left out, the first the notice allows.
    """

    published_on: date
    value: Positive
    citation: Cited
    noticed_on: date | None = None
    effective_on: date | None = None

    @property
    def notice(self) -> date:
        """The day the customers were told."""
        return self.noticed_on or self.published_on


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class MoveCap:
    """How far the price may move, in yuan per unit or in percent of the base price."""

    up: Amount
    down: Amount
    per: Literal["YUAN", "PERCENT"] = "YUAN"


@plain_dataclass(frozen=True, slots=True)
class Adjusted:
    """The price from a day on, and how the publication made it.

    Attributes:
        change: Change of the index that is passed on.
        wanted: Yuan per unit the price should have moved, with ``brought`` from before.
        low, high: What the caps allow.
        carried: Yuan per unit beyond the caps, carried to the next.
    """

    effective_on: date
    publication: Publication
    change: Decimal
    brought: Decimal
    wanted: Decimal
    low: Decimal
    high: Decimal
    carried: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Linked:
    """Base price plus what published values of an index made of it.

    A publication below the threshold moves nothing: the change is counted on until it is reached.

    Attributes:
        price: Base price, yuan per unit.
        index: Value of the index the base price rests on.
        coefficient: Yuan per unit of energy for one of the index.
        pass_through_percent: Share of the change the customers bear.
        threshold: Change of the index below which nothing moves; the value itself moves.
        moves: The ``WHOLE`` change is passed on, or what is ``EXCESS`` of the threshold.
        cap_each: How far one adjustment may move the price.
        cap_total: How far the price may ever lie from the base price.
        carries: Whether what is beyond a cap is carried to the next adjustment.
        notice_days: Days between notice and the first day of the new price.
        decimals: Decimals of a yuan the price is rounded to, half up.
        publications: Oldest first.
    """

    kind: Literal["linked"]
    price: Amount
    index: Positive
    coefficient: Positive
    unit: Literal["kWh", "GJ"]
    index_unit: Text = "元/吨"
    pass_through_percent: PassThrough = HUNDRED
    threshold: Amount = Decimal(0)
    threshold_per: Literal["INDEX", "PERCENT"] = "PERCENT"
    moves: Literal["WHOLE", "EXCESS"] = "WHOLE"
    cap_each: MoveCap | None = None
    cap_total: MoveCap | None = None
    carries: bool = True
    notice_days: Annotated[int, Field(ge=0, le=365)] = 0
    decimals: Annotated[int, Field(ge=2, le=8)] = 4
    publications: Annotated[tuple[Publication, ...], Field(max_length=200)] = ()
    zone: Text = "total"
    code: Text = "energy.base"
    label_zh: Text = "联动计量费"
    label_en: Text = "Linked price"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if rounding.to_decimals(self.price, self.decimals) != self.price:
            msg = f"基准价 {plain(self.price)} 的小数多于 decimals（{self.decimals} 位）"
            raise ValueError(msg)
        if any(a.published_on >= b.published_on for a, b in pairwise(self.publications)):
            msg = "publications 应按 published_on 先后排列，同一天只有一个"
            raise ValueError(msg)
        for one in self.publications:
            if one.notice < one.published_on:
                msg = f"通知日 {one.notice} 不得早于公布日 {one.published_on}"
                raise ValueError(msg)
            if one.effective_on is not None and one.effective_on < self._allowed_from(one):
                msg = f"{one.published_on} 公布的，最早自 {self._allowed_from(one)} 起执行"
                raise ValueError(msg)
        effective = [self.effective_on(one) for one in self.publications]
        if any(a >= b for a, b in pairwise(effective)):
            msg = "后公布的应后执行"
            raise ValueError(msg)

    def _allowed_from(self, publication: Publication) -> date:
        return publication.notice + timedelta(days=self.notice_days)

    def effective_on(self, publication: Publication) -> date:
        """First day of the price a publication makes."""
        return publication.effective_on or self._allowed_from(publication)

    def adjustments(self) -> list[Adjusted]:
        """Every price after the base price, in order; publications that move nothing make none."""
        made: list[Adjusted] = []
        index, price, carried = self.index, self.price, Decimal(0)
        for one in self.publications:
            change = self._passed(one.value - index, index)
            if change is None:
                continue
            moved = change * self.coefficient * self.pass_through_percent / HUNDRED
            target = price + moved + carried
            low, high = self._bounds(price)
            held = min(max(target, low), high)
            brought, carried = carried, (target - held if self.carries else Decimal(0))
            index, price = one.value, rounding.to_decimals(held, self.decimals)
            made.append(
                Adjusted(
                    effective_on=self.effective_on(one), publication=one, change=change,
                    brought=brought, wanted=moved + brought, low=low, high=high, carried=carried,
                    price=price,
                )
            )  # fmt: skip
        return made

    def _passed(self, change: Decimal, index: Decimal) -> Decimal | None:
        """The change that is passed on, ``None`` where it is below the threshold."""
        per_index = self.threshold_per == "INDEX"
        threshold = self.threshold if per_index else self.threshold * index / HUNDRED
        if not change or abs(change) < threshold:
            return None
        return change if self.moves == "WHOLE" else change - threshold.copy_sign(change)

    def _bounds(self, price: Decimal) -> tuple[Decimal, Decimal]:
        low, high = Decimal(0), Decimal("Infinity")
        for cap, middle in ((self.cap_each, price), (self.cap_total, self.price)):
            if cap is not None:
                low = max(low, middle - self._yuan(cap.down, cap))
                high = min(high, middle + self._yuan(cap.up, cap))
        return low, high

    def _yuan(self, limit: Decimal, cap: MoveCap) -> Decimal:
        yuan = limit if cap.per == "YUAN" else self.price * limit / HUNDRED
        return rounding.cut_to_decimals(yuan, self.decimals)

    def changes_in(self, period: Interval[date]) -> tuple[date, ...]:
        """First days of other prices inside the period: where a frozen reading parts the usage."""
        return tuple(
            one.effective_on
            for one in self.adjustments()
            if period.start < one.effective_on < period.end
        )

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        steps = [
            (date.min, self._base_kind(citation), self._base_values()),
            *(
                (one.effective_on, self._kind(one, citation), self._values(one))
                for one in self.adjustments()
            ),
        ]

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            usage = facts.zone_milli(self.zone, self.unit)
            first = max(n for n, step in enumerate(steps) if step[0] <= facts.period.start)
            held = steps[first:]
            spans = facts.period.split([step[0] for step in held])
            parts = self._parted(facts, usage, spans)
            for (_, kind, values), milli in zip(held, parts, strict=False):
                quantity = from_milli(milli)
                lines.append(kind.line(quantity, kind.price * quantity, (*values, quantity)))

        return for_categories(self.categories, rater)

    def _parted(self, facts: RatingFacts, usage: int, spans: list[Interval[date]]) -> list[int]:
        """Usage by price, thousandths: by a frozen reading, else by days in whole kWh.

        Raises:
            UsageInconsistent: if the frozen reading is above the usage.
        """
        frozen = facts.before_change_milli
        if len(spans) == 2 and frozen is not None:
            if not 0 <= frozen <= usage:
                raise UsageInconsistent(zones=frozen, total=usage)
            return [frozen, usage - frozen]
        step = MILLI if self.unit == "kWh" else 1
        whole, rest = divmod(usage, step)
        parts = [part * step for part in allocate_integer(whole, [days(span) for span in spans])]
        return [*parts[:-1], parts[-1] + rest]

    def _base_values(self) -> tuple[Value, ...]:
        return (self.price, self.index)

    def _base_kind(self, citation: str) -> LineKind:
        unit = self.unit
        names = (f"基准价（元/{unit}）", f"基准指数（{self.index_unit}）", f"数量（{unit}）")
        basis = Basis(self.clause, citation, names, "{0} × {2}")
        return LineKind(self.code, self.label_zh, self.label_en, unit, self.price, basis)

    def _values(self, one: Adjusted) -> tuple[Value, ...]:
        said = one.publication
        return (
            *self._base_values(), said.value, str(said.published_on), str(said.notice),
            str(one.effective_on), one.change, one.brought, one.wanted, one.low,
            one.high if one.high.is_finite() else "不限", one.carried, one.price,
        )  # fmt: skip

    def _kind(self, one: Adjusted, citation: str) -> LineKind:
        unit, index = self.unit, self.index_unit
        price = f"（元/{unit}）"
        names = (
            f"基准价{price}", f"基准指数（{index}）", f"公布指数（{index}）", "公布日", "通知日",
            "执行日", f"计入的指数变动（{index}）", f"上次结转{price}", f"应调{price}",
            f"不得低于{price}", f"不得高于{price}", f"结转下次{price}", f"执行价{price}",
            f"数量（{unit}）",
        )  # fmt: skip
        cited = f"{citation}、{one.publication.citation}"
        basis = Basis(self.clause, cited, names, "{12} × {13}")
        return LineKind(self.code, self.label_zh, self.label_en, unit, one.price, basis)
