"""A price or a ladder that begins inside one reading: the usage is parted, never the price."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic.dataclasses import dataclass

from metercash.kernel.interval import Interval
from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    STRICT,
    Amount,
    Rater,
    Season,
    Text,
    for_categories,
    usage_kind,
)
from metercash.rating.components.tiered import MILLI, Bounds, split
from metercash.rating.errors import UsageInconsistent
from metercash.rating.facts import RatingFacts, from_milli


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PriceChange:
    """Usage before the change at the old price, the rest at the new one or on a ladder.

    A reading frozen on the day of change (``facts.before_change_milli``) goes before any share.

    Attributes:
        changes_on: First day of the new price.
        old: Yuan per unit before.
        new: Yuan per unit from then on; by tier where ``bounds`` are given.
        bounds: Upper bounds, in whole units, for the part after the change.
        share: ``DAYS`` parts the usage by days, ``HALF`` halves it; whole units, the rest is new.
    """

    kind: Literal["price_change"]
    changes_on: date
    old: Amount
    new: tuple[Amount, ...]
    bounds: Bounds | None = None
    share: Literal["DAYS", "HALF"] = "DAYS"
    unit: Literal["kWh", "GJ"] = "kWh"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        expected = 1 + len(self.bounds or ())
        if len(self.new) != expected:
            msg = f"new 应有 {expected} 个价格（每档一个），实有 {len(self.new)} 个"
            raise ValueError(msg)

    def old_milli(self, facts: RatingFacts, usage: int) -> int:
        """The part of ``usage`` before the change, thousandths of the unit.

        Raises:
            UsageInconsistent: if the frozen reading is above the usage.
        """
        start, end = facts.period.start, facts.period.end
        if self.changes_on <= start:
            return 0
        if self.changes_on >= end:
            return usage
        frozen = facts.before_change_milli
        if frozen is not None:
            if not 0 <= frozen <= usage:
                raise UsageInconsistent(zones=frozen, total=usage)
            return frozen
        part, whole = (1, 2) if self.share == "HALF" else (
            (self.changes_on - start).days, (end - start).days
        )  # fmt: skip
        nearest = (2 * usage * part + whole * MILLI) // (2 * whole * MILLI)
        return min(usage, nearest * MILLI)

    def changes_in(self, period: Interval[date]) -> tuple[date, ...]:
        """The first day of the new price, where a frozen reading parts the usage of the period."""
        return (self.changes_on,) if period.start < self.changes_on < period.end else ()

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        unit, clause = self.unit, (self.clause, citation)
        old = usage_kind("energy.old", "调价前电费", "Energy before", unit, self.old, clause)
        new = self._new_kinds(citation)
        bounds = tuple(bound * MILLI for bound in self.bounds or ())

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            usage = facts.zone_milli("total", unit)
            before = self.old_milli(facts, usage)
            parts = [before, *split(bounds, 0, usage - before)]
            for kind, part in zip((old, *new), parts, strict=True):
                if part:
                    quantity, price = from_milli(part), kind.price
                    lines.append(kind.line(quantity, price * quantity, (price, quantity)))

        return for_categories(self.categories, rater)

    def _new_kinds(self, citation: str) -> tuple[LineKind, ...]:
        unit, clause = self.unit, (self.clause, citation)
        if self.bounds is None:
            return (
                usage_kind("energy.new", "调价后电费", "Energy after", unit, self.new[0], clause),
            )
        names = (f"单价（元/{unit}）", f"本档电量（{unit}）")
        basis = Basis(self.clause, citation, names, "{0} × {1}")
        return tuple(
            LineKind(f"tier.{n}", f"第{n}档电费", f"Tier {n}", unit, price, basis)
            for n, price in enumerate(self.new, 1)
        )
