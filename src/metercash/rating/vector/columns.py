"""Facts of many accounts as columns; what no column holds stays with its account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from metercash.kernel.interval import Interval
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import NO_HEAT_FACTS, HeatFacts, Supply
from metercash.rating.facts_power import NO_POWER_FACTS


Int64Array: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

DAYS: Final = ("heated_from", "paid_on")
HEAT: Final[tuple[str, ...]] = ("carried_fen", *DAYS)
_BLANK: Final = RatingFacts(period=Interval(date.min, date.max))
DEFAULTS: Final[Mapping[str, int | None]] = {
    **{
        one.name: getattr(_BLANK, one.name)
        for one in fields(RatingFacts)
        if one.type in {"int", "int | None"}
    },
    **{name: getattr(NO_HEAT_FACTS, name) for name in HEAT},
}
"""Every whole number of the facts with its default; days are counted by ``date.toordinal``."""
OPTIONAL: Final = frozenset(name for name, default in DEFAULTS.items() if default is None)
INT64: Final = 2**63


@dataclass(frozen=True, slots=True)
class Coded:
    """Texts of many accounts: for each the index of its text among the names."""

    codes: Int64Array
    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Coded:
        """Number the texts in the order they are met."""
        numbers: dict[str, int] = {}
        codes = [numbers.setdefault(text, len(numbers)) for text in texts]
        return cls(np.array(codes, dtype=np.int64), tuple(numbers))

    def among(self, wanted: Iterable[str]) -> BoolArray:
        """Whose text is one of the wanted."""
        sought = frozenset(wanted)
        return np.array([name in sought for name in self.names], dtype=np.bool_)[self.codes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Accounts that share one period, one unit of usage and one time-of-use calendar.

    Arrays have one place for each account. A name that is absent stands at its default for all.

    Attributes:
        count: How many accounts there are.
        ints: Whole numbers by the names of ``RatingFacts`` and, of heat, ``carried_fen``,
            ``heated_from`` and ``paid_on`` (by ``date.toordinal``).
        known: Of those that may be ``None``, whose number is known; absent means all.
        usage: Usage by zone, thousandths of the unit.
        measured: Whose usage of a zone is known; absent means all.
        category: Customer category, empty where absent.
        evidence: Who holds a proof.
        supply: How the accounts were supplied, by the names of ``Supply``; absent means heated.
        paid_by: Channel of payment, empty where absent.
        others: Accounts with facts that no column holds, by their place; the columns do not speak
            of them.
    """

    period: Interval[date]
    count: int
    usage_unit: str = "kWh"
    ints: Mapping[str, Int64Array] = field(default_factory=dict)
    known: Mapping[str, BoolArray] = field(default_factory=dict)
    usage: Mapping[str, Int64Array] = field(default_factory=dict)
    measured: Mapping[str, BoolArray] = field(default_factory=dict)
    category: Coded | None = None
    evidence: Mapping[str, BoolArray] = field(default_factory=dict)
    supply: Coded | None = None
    paid_by: Coded | None = None
    others: Mapping[int, RatingFacts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.ints:
            if name not in DEFAULTS:
                msg = f"no whole number of the facts is called {name}"
                raise ValueError(msg)
        for names, within in (
            (self.known, OPTIONAL & self.ints.keys()),
            (self.measured, self.usage),
        ):
            if strange := set(names) - set(within):
                msg = f"there is nothing that may be unknown of {sorted(strange)}"
                raise ValueError(msg)
        for array in self._arrays():
            if array.shape != (self.count,) or array.dtype not in (np.int64, np.bool_):
                msg = (
                    f"expected {self.count} whole numbers or truths, got {array.dtype}{array.shape}"
                )
                raise ValueError(msg)

    def _arrays(self) -> Iterator[npt.NDArray[Any]]:
        for held in (self.ints, self.known, self.usage, self.measured, self.evidence):
            yield from held.values()
        for coded in (self.category, self.supply, self.paid_by):
            if coded is not None:
                yield coded.codes

    @classmethod
    def of(cls, facts: Sequence[RatingFacts]) -> Columns:
        """Columns of accounts told one by one; whoever has another period or unit is of the others.

        Raises:
            ValueError: if there is no account at all, so that no period is known.
        """
        if not facts:
            msg = "columns need at least one account to know their period"
            raise ValueError(msg)
        first = facts[0]
        blank = RatingFacts(period=first.period, usage_unit=first.usage_unit)
        others = {place: one for place, one in enumerate(facts) if not _fits(one, first)}
        rows = [blank if place in others else one for place, one in enumerate(facts)]
        ints, known = _whole_numbers(rows)
        usage, measured = _zones(rows)
        proofs = frozenset().union(*(one.evidence for one in rows))
        return cls(
            period=first.period, count=len(rows), usage_unit=first.usage_unit, ints=ints,
            known=known, usage=usage, measured=measured,
            category=_coded([one.category for one in rows], ""),
            evidence={
                proof: np.array([proof in one.evidence for one in rows], dtype=np.bool_)
                for proof in sorted(proofs)
            },
            supply=_coded([one.heat.supply for one in rows], Supply.HEATED),
            paid_by=_coded([one.heat.paid_by for one in rows], ""),
            others=others,
        )  # fmt: skip

    def part(self, places: slice | Int64Array) -> Columns:
        """Some of the accounts, without the others."""

        def taken(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
            return {name: array[places] for name, array in arrays.items()}

        def recoded(coded: Coded | None) -> Coded | None:
            return None if coded is None else Coded(coded.codes[places], coded.names)

        return replace(
            self, count=len(np.arange(self.count)[places]), ints=taken(self.ints),
            known=taken(self.known), usage=taken(self.usage), measured=taken(self.measured),
            category=recoded(self.category), evidence=taken(self.evidence),
            supply=recoded(self.supply), paid_by=recoded(self.paid_by), others={},
        )  # fmt: skip

    def facts(self, places: Sequence[int]) -> Iterator[RatingFacts]:
        """Facts of single accounts, as the engine takes them."""
        part = self.part(np.array(places, dtype=np.int64))
        ints = {name: _listed(array, part.known.get(name)) for name, array in part.ints.items()}
        usage = {
            zone: _listed(array, part.measured.get(zone)) for zone, array in part.usage.items()
        }
        proofs = {proof: array.tolist() for proof, array in part.evidence.items()}
        for row, place in enumerate(places):
            if place in self.others:
                yield self.others[place]
                continue
            told = {name: column[row] for name, column in ints.items()}
            told |= {day: date.fromordinal(told[day]) for day in DAYS if told.get(day) is not None}
            of_heat: dict[str, Any] = {name: told.pop(name) for name in HEAT if name in told}
            if part.supply is not None:
                of_heat["supply"] = Supply(part.supply.names[part.supply.codes[row]])
            if part.paid_by is not None:
                of_heat["paid_by"] = part.paid_by.names[part.paid_by.codes[row]]
            category = part.category
            yield RatingFacts(
                period=self.period,
                usage_unit=self.usage_unit,
                usage={z: column[row] for z, column in usage.items() if column[row] is not None},
                category="" if category is None else category.names[category.codes[row]],
                evidence=frozenset(proof for proof, held in proofs.items() if held[row]),
                heat=HeatFacts(**of_heat) if of_heat else NO_HEAT_FACTS,
                **told,
            )


def _listed(array: Int64Array, known: BoolArray | None) -> list[Any]:
    values: list[Any] = array.tolist()
    if known is None:
        return values
    return [value if told else None for value, told in zip(values, known.tolist(), strict=True)]


def _fits(one: RatingFacts, first: RatingFacts) -> bool:
    """Whether columns beside those of the first can hold the account."""
    numbers = (*(_number(one, name) for name in DEFAULTS), *one.usage.values())
    return (
        one.period == first.period
        and one.usage_unit == first.usage_unit
        and not one.heat.parts
        and one.power == NO_POWER_FACTS
        and all(number is None or -INT64 <= number < INT64 for number in numbers)
    )


def _number(one: RatingFacts, name: str) -> int | None:
    value = getattr(one.heat if name in HEAT else one, name)
    return value.toordinal() if isinstance(value, date) else value


def _whole_numbers(
    rows: Sequence[RatingFacts],
) -> tuple[dict[str, Int64Array], dict[str, BoolArray]]:
    ints, known = {}, {}
    for name, default in DEFAULTS.items():
        values = [_number(one, name) for one in rows]
        if all(value == default for value in values):
            continue
        ints[name] = np.array([value or 0 for value in values], dtype=np.int64)
        if None in values:
            known[name] = np.array([value is not None for value in values], dtype=np.bool_)
    return ints, known


def _zones(rows: Sequence[RatingFacts]) -> tuple[dict[str, Int64Array], dict[str, BoolArray]]:
    usage, measured = {}, {}
    for zone in sorted(frozenset().union(*(one.usage for one in rows))):
        usage[zone] = np.array([one.usage.get(zone, 0) for one in rows], dtype=np.int64)
        held = [zone in one.usage for one in rows]
        if not all(held):
            measured[zone] = np.array(held, dtype=np.bool_)
    return usage, measured


def _coded(texts: Sequence[str], default: str) -> Coded | None:
    return None if all(text == default for text in texts) else Coded.of(texts)
