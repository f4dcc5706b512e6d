"""Tiers by month or by year, as surcharges on a base or as split prices, alone or over time of use."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass

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
from metercash.rating.components.free_units import FreeUnits, free_milli
from metercash.rating.components.months import months_of
from metercash.rating.facts import MONTHS_PER_YEAR, RatingFacts, from_milli


MILLI = 1000


def _ascending(bounds: tuple[int, ...]) -> tuple[int, ...]:
    if any(a >= b for a, b in itertools.pairwise(bounds)):
        msg = "各档上限应逐档增大"
        raise ValueError(msg)
    return bounds


Bound = Annotated[int, Field(gt=0, le=10_000_000)]
Bounds = Annotated[tuple[Bound, ...], Field(min_length=1, max_length=9), AfterValidator(_ascending)]
Month = Annotated[int, Field(ge=1, le=12)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class MonthlyBounds:
    """Bounds that hold in some months of the year, such as a summer."""

    months: tuple[Month, ...]
    bounds: Bounds


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Household:
    """Larger bounds for households of many persons.

    Attributes:
        from_persons: Least number of persons.
        per_month: Units added to the bounds for each month.
        tiers: ``ALL`` bounds grow (the first tier widens, the others shift), or the ``FIRST`` only.
    """

    from_persons: Annotated[int, Field(ge=2)]
    per_month: Bound
    tiers: Literal["ALL", "FIRST"] = "ALL"

    def grown(self, bounds: tuple[int, ...], months: int, before: int) -> tuple[int, ...]:
        """Bounds with the allowance of ``months``, all in thousandths of the unit.

        ``before`` was used before the allowance began and stays in the tiers it was charged in:
        the allowance is what remains of each tier then, and the months' units on top.
        """
        extra = self.per_month * MILLI * months
        kept = tuple(max(bound, before) for bound in bounds)
        if self.tiers == "ALL":
            return tuple(bound + extra for bound in kept)
        return (min((kept[0] + extra, *kept[1:])), *kept[1:])


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class FlatRate:
    """One price without tiers that very large households may choose.

    Attributes:
        from_persons: Least number of persons.
        price: Yuan per unit.
        evidence: Proof that the household has chosen it.
    """

    from_persons: Annotated[int, Field(ge=2)]
    price: Amount
    evidence: Text = "FLAT_RATE_CHOSEN"

    def chosen(self, facts: RatingFacts) -> bool:
        """Whether the household may have the price and has asked for it."""
        return facts.household_size >= self.from_persons and self.evidence in facts.evidence


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Tiered:
    """Tier prices of a residential ladder.

    Attributes:
        cycle: ``YEAR`` (bounds for twelve months, counted from the start of the tier year) or ``MONTH``
            (bounds for one month; a period of several months adds up their bounds).
        bounds: Upper bounds of every tier but the last, in whole units.
        style: ``SURCHARGE`` prints the base once and each tier's surcharge on its units;
            ``SPLIT`` prints each tier's units at its full price.
        base: Yuan per unit for all units; absent when a time-of-use component before has priced them.
        prices: By tier from the second (``SURCHARGE``) or from the first (``SPLIT``).
        crossed: Surcharge by zone and tier that replaces ``prices`` in periods that lie wholly in a
            tier reached in an earlier period; in the crossing period the zones of the excess are
            unknown and ``prices`` holds for all of them.
        flat: Price without tiers for large households that choose it.
        free: Units without charge; they come off the base or the first tier, and the ladder still
            counts them.
    """

    kind: Literal["tiered"]
    cycle: Literal["YEAR", "MONTH"]
    bounds: Bounds
    prices: tuple[Amount, ...]
    style: Literal["SURCHARGE", "SPLIT"] = "SURCHARGE"
    base: Amount | None = None
    unit: Literal["kWh"] = "kWh"
    seasons: tuple[MonthlyBounds, ...] = ()
    household: Household | None = None
    crossed: dict[int, dict[str, Amount]] = Field(default_factory=dict)
    flat: FlatRate | None = None
    free: FreeUnits | None = None
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        expected = len(self.bounds) + (1 if self.style == "SPLIT" else 0)
        if len(self.prices) != expected:
            msg = f"prices 应有 {expected} 个价格（每档一个），实有 {len(self.prices)} 个"
            raise ValueError(msg)
        if self.style == "SPLIT" and (self.base is not None or self.crossed):
            msg = "style 为 SPLIT 时不应再写 base 或 crossed"
            raise ValueError(msg)
        if self.style == "SURCHARGE" and self.base is None and (self.flat or self.free):
            msg = "没有 base 时不应写 flat 或 free"
            raise ValueError(msg)
        if any(len(season.bounds) != len(self.bounds) for season in self.seasons):
            msg = "seasons 的档数应与 bounds 相同"
            raise ValueError(msg)

    def bounds_milli(self, facts: RatingFacts) -> tuple[int, ...]:
        """The account's own bounds for the cycle, thousandths of the unit."""
        if self.cycle == "YEAR":
            months = facts.tier_months
            bounds = tuple(bound * MILLI * months // MONTHS_PER_YEAR for bound in self.bounds)
        else:
            bounds = self._monthly(facts.period.start, facts.period.end)
            months = len(months_of(facts.period.start, facts.period.end))
        household = self.household
        if household is None or facts.household_size < household.from_persons:
            return bounds
        if facts.household_months is not None:
            months = facts.household_months
        return household.grown(bounds, months, facts.before_household_milli)

    def _monthly(self, start: date, end: date) -> tuple[int, ...]:
        by_month = {month: s.bounds for s in self.seasons for month in s.months}
        chosen = [by_month.get(month, self.bounds) for month in months_of(start, end)]
        return tuple(sum(bounds) * MILLI for bounds in zip(*chosen, strict=True))

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        rater = _split(self, citation) if self.style == "SPLIT" else _surcharge(self, citation)
        if self.flat is not None:
            rater = _flat_or(self.flat, rater, self, citation)
        return for_categories(self.categories, rater)


def split(bounds: Sequence[int], before: int, usage: int) -> list[int]:
    """How much of ``usage``, following after ``before``, falls into each tier; sums to ``usage``."""
    parts, low, end = [], 0, before + usage
    for high in bounds:
        parts.append(max(0, min(end, high) - max(before, low)))
        low = high
    parts.append(max(0, end - max(before, low)))
    return parts


_NAMES = (
    "单价（元/kWh）",
    "本档电量（kWh）",
    "此前累计（kWh）",
    "本期用量（kWh）",
    "本档起点（kWh）",
)


def _tier_kinds(tiered: Tiered, citation: str) -> Iterator[LineKind]:
    basis = Basis(tiered.clause, citation, _NAMES, "{0} × {1}")
    first, prefix = (1, "tier") if tiered.style == "SPLIT" else (2, "ladder")
    for number, price in enumerate(tiered.prices, first):
        label_zh = f"第{number}档电费" if prefix == "tier" else f"第{number}档加价"
        label_en = f"Tier {number}" if prefix == "tier" else f"Tier {number} surcharge"
        yield LineKind(f"{prefix}.{number}", label_zh, label_en, tiered.unit, price, basis)


def _before(tiered: Tiered, facts: RatingFacts) -> int:
    return facts.year_to_date_milli if tiered.cycle == "YEAR" else 0


def _flat_or(flat: FlatRate, tiers: Rater, tiered: Tiered, citation: str) -> Rater:
    unit, clause = tiered.unit, (tiered.clause, citation)
    kind = usage_kind("energy.base", "基础电费", "Base energy", unit, flat.price, clause)

    def rater(facts: RatingFacts, lines: list[Line]) -> None:
        if not flat.chosen(facts):
            tiers(facts, lines)
            return
        usage = facts.zone_milli("total", unit)
        quantity = from_milli(usage - free_milli(tiered.free, facts, usage))
        lines.append(kind.line(quantity, flat.price * quantity, (flat.price, quantity)))

    return rater


def _split(tiered: Tiered, citation: str) -> Rater:
    kinds = list(_tier_kinds(tiered, citation))

    def rater(facts: RatingFacts, lines: list[Line]) -> None:
        usage = facts.zone_milli("total", tiered.unit)
        before, bounds = _before(tiered, facts), tiered.bounds_milli(facts)
        parts = split(bounds, before, usage)
        parts[0] -= free_milli(tiered.free, facts, parts[0])
        lines.extend(_tier_lines(kinds, parts, (0, *bounds), (before, usage)))

    return rater


def _tier_lines(
    kinds: Sequence[LineKind], parts: Sequence[int], lows: Sequence[int], count: tuple[int, int]
) -> Iterator[Line]:
    before, usage = count
    for kind, part, low in zip(kinds, parts, lows, strict=True):
        if part:
            quantity = from_milli(part)
            values = (kind.price, quantity, from_milli(before), from_milli(usage), from_milli(low))
            yield kind.line(quantity, kind.price * quantity, values)


def _surcharge(tiered: Tiered, citation: str) -> Rater:
    kinds = list(_tier_kinds(tiered, citation))
    unit, base = tiered.unit, tiered.base
    clause = (tiered.clause, citation)
    base_kind = (
        None if base is None
        else usage_kind("energy.base", "基础电费", "Base energy", unit, base, clause)
    )  # fmt: skip
    zone_kinds = {
        tier: [
            (zone, usage_kind(f"ladder.{tier}.{zone}", f"第{tier}档加价（{zone_zh(zone)}）",
                              f"Tier {tier} surcharge ({zone})", unit, price, clause))
            for zone, price in zones.items()
        ]
        for tier, zones in tiered.crossed.items()
    }  # fmt: skip

    def rater(facts: RatingFacts, lines: list[Line]) -> None:
        usage = facts.zone_milli("total", unit)
        if base_kind is not None:
            charged = usage - free_milli(tiered.free, facts, usage)
            quantity, price = from_milli(charged), base_kind.price
            lines.append(base_kind.line(quantity, price * quantity, (price, quantity)))
        before, bounds = _before(tiered, facts), tiered.bounds_milli(facts)
        if before + usage <= bounds[0]:
            return
        tier = zone_kinds and _settled_tier(bounds, before, usage)
        if tier and tier in zone_kinds:
            for zone, kind in zone_kinds[tier]:
                quantity = from_milli(facts.zone_milli(zone, unit))
                lines.append(kind.line(quantity, kind.price * quantity, (kind.price, quantity)))
            return
        parts = split(bounds, before, usage)
        lines.extend(_tier_lines(kinds, parts[1:], bounds, (before, usage)))

    return rater


def zone_zh(zone: str) -> str:
    """Chinese name of a zone."""
    return {"peak": "峰", "flat": "平", "valley": "谷"}.get(zone, zone)


def _settled_tier(bounds: Sequence[int], before: int, usage: int) -> int:
    """The tier reached in an earlier period that holds this whole period; 0 if it crosses one."""
    number = 1 + sum(1 for bound in bounds if bound < before)
    whole = number > len(bounds) or before + usage <= bounds[number - 1]
    return number if whole else 0
