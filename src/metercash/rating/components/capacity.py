"""The basic charge by the capacity of transformers: by thirtieths, with suspensions and interlocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass as plain_dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.interval import Interval, days
from metercash.kernel.quantity import plain
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
from metercash.rating.components.months import THIRTY, thirtieths
from metercash.rating.errors import FactMissing
from metercash.rating.facts import RatingFacts, from_milli
from metercash.rating.facts_power import Transformer


NEW_CONNECTION = "NEW_CONNECTION"

Share = Annotated[Decimal, Field(ge=0, le=100, decimal_places=6)]


@plain_dataclass(frozen=True, slots=True)
class Charged:
    """A transformer and how many thirtieths of a month it is charged for."""

    transformer: Transformer
    thirtieths: Decimal

    @property
    def kva(self) -> Decimal:
        """Rated capacity in kVA."""
        return from_milli(self.transformer.capacity_milli)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Capacity:
    """Price times the capacity of transformers, each day a thirtieth of the month.

    A transformer connected all the month is charged thirty thirtieths, however long the month is; days
    of an agreed suspension are taken off. Of interlocked ones the largest that may run is charged.

    Attributes:
        price: Yuan per kVA and month.
        suspension_days_min: A shorter suspension is not deducted.
        suspended_percent: Share of the price that suspended capacity still costs.
        suspended_percent_new: The same for accounts that hold ``NEW_CONNECTION``.
        lines: One line for all, or one for each transformer, with its name in the code.
    """

    kind: Literal["capacity"]
    price: Amount
    suspension_days_min: Annotated[int, Field(ge=0, le=366)] = 0
    suspended_percent: Share = Decimal(0)
    suspended_percent_new: Share | None = None
    lines: Literal["ONE", "EACH"] = "ONE"
    code: Text = "capacity"
    label_zh: Text = "容量电费"
    label_en: Text = "Capacity charge"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        basis = Basis(self.clause, citation, ("单价（元/kVA·月）", "计费容量（kVA）"), "{0} × {1}")

        def append(lines: list[Line], charged: Sequence[Charged], suffix: str) -> None:
            sum_of_thirtieths = sum((one.kva * one.thirtieths for one in charged), Decimal(0))
            kind = LineKind(
                self.code + suffix, self.label_zh, self.label_en, "kVA", self.price, basis
            )
            lines.append(
                kind.line(
                    _billed_kva(sum_of_thirtieths),
                    self.price * sum_of_thirtieths / THIRTY,
                    (self.price, _told(charged)),
                )
            )

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            charged = self.charged(facts)
            if self.lines == "ONE":
                append(lines, charged, "")
                return
            for one in charged:
                append(lines, [one], f".{one.transformer.name}")

        return for_categories(self.categories, rater)

    def charged(self, facts: RatingFacts) -> list[Charged]:
        """Transformers that are charged, in the order of the facts.

        Raises:
            FactMissing: if none is known, one has no capacity, or two have one name.
            PeriodNotMonthly: if the period is longer than a month.
        """
        transformers = facts.power.transformers
        names = {one.name for one in transformers}
        if not transformers or min(one.capacity_milli for one in transformers) <= 0:
            raise FactMissing(fact="变压器容量")
        if len(names) != len(transformers):
            raise FactMissing(fact="互不相同的变压器名称")
        kept = self.suspended_percent
        if self.suspended_percent_new is not None and NEW_CONNECTION in facts.evidence:
            kept = self.suspended_percent_new
        found: dict[str, Decimal] = {}
        for group in _groups(transformers):
            stays = _Stays(facts.period, group, kept / HUNDRED, self.suspension_days_min)
            found.update(stays.thirtieths())
        return [Charged(one, found[one.name]) for one in transformers if one.name in found]


def _groups(transformers: Iterable[Transformer]) -> Iterator[list[Transformer]]:
    """Transformers that an interlock ties together; the others alone."""
    tied: dict[str, list[Transformer]] = {}
    for one in transformers:
        if one.interlock:
            tied.setdefault(one.interlock, []).append(one)
        else:
            yield [one]
    yield from tied.values()


@plain_dataclass(frozen=True, slots=True)
class _Stays:
    """Which of a group is charged on which days of a period, and at which share."""

    period: Interval[date]
    group: list[Transformer]
    kept: Decimal
    suspension_days_min: int

    def thirtieths(self) -> dict[str, Decimal]:
        """By name; together no more than a month, and a whole one where one ran or stood all of it."""
        counts: dict[tuple[bool, str], int] = {}
        for part in self.period.split(self._cuts()):
            here = [one for one in self.group if one.in_service is None or _in(one, part)]
            if here:
                one = max(here, key=lambda each: each.capacity_milli * self._share(each, part))
                key = (self._is_suspended(one, part), one.name)
                counts[key] = counts.get(key, 0) + days(part)
        month, present = thirtieths(self.period.start, self.period.end), sum(counts.values())
        left = month if present == days(self.period) else min(month, present)
        found: dict[str, Decimal] = {}
        for number, (suspended, name) in enumerate(sorted(counts, key=itemgetter(0)), start=1):
            taken = left if number == len(counts) else min(left, counts[suspended, name])
            left -= taken
            share = self.kept if suspended else Decimal(1)
            found[name] = found.get(name, Decimal(0)) + taken * share
        return found

    def _cuts(self) -> list[date]:
        intervals = [cut for one in self.group for cut in one.suspended]
        intervals += [one.in_service for one in self.group if one.in_service is not None]
        return [day for interval in intervals for day in (interval.start, interval.end)]

    def _share(self, one: Transformer, part: Interval[date]) -> Decimal:
        return self.kept if self._is_suspended(one, part) else Decimal(1)

    def _is_suspended(self, one: Transformer, part: Interval[date]) -> bool:
        return any(
            part.start in cut and days(cut) >= self.suspension_days_min for cut in one.suspended
        )


def _in(one: Transformer, part: Interval[date]) -> bool:
    return one.in_service is not None and part.start in one.in_service


def _billed_kva(sum_of_thirtieths: Decimal) -> Decimal:
    """What the line prints as its quantity; the amount comes from the unrounded sum."""
    return rounding.to_decimals(sum_of_thirtieths / THIRTY, 3).normalize()


def _told(charged: Sequence[Charged]) -> str:
    if not charged:
        return "0"
    if all(one.thirtieths == THIRTY for one in charged):
        return f"({' + '.join(plain(one.kva) for one in charged)})"
    terms = (f"{plain(one.kva)} × {plain(one.thirtieths)}" for one in charged)
    return f"({' + '.join(terms)}) ÷ {THIRTY}"
