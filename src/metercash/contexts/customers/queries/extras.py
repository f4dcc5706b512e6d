"""What few accounts have beside their agreement: parts, supply, proofs, household, contract.

A company that keeps none of a kind pays one question for all kinds, whatever the number of accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from metercash.contexts.customers.contracts import BillingFacts, GapKind, PowerContract
from metercash.contexts.customers.queries.sql import fetch
from metercash.kernel.interval import Interval
from metercash.platform import db
from metercash.rating.facts_heat import AreaPart, Supply
from metercash.rating.facts_power import Transformer


Row = tuple[Any, ...]
ByOwner = dict[int, list[Row]]

_DAYS = "valid_from, valid_until"
_LASTS = "(valid_until is null or valid_until > %(start)s)"
_OVERLAPS = f"valid_from < %(end)s and {_LASTS}"
_SOURCES = {
    "areapart": (
        "premises_id",
        "premises_id, part, area_milli, height_mm, valid_from, valid_until",
        _OVERLAPS,
    ),
    "supplygap": (
        "service_point_id",
        "service_point_id, kind, valid_until",
        f"(valid_from is null or valid_from <= %(start)s) and {_LASTS}",
    ),
    "evidence": (
        "account_id",
        "account_id, code, valid_from, valid_until",
        _OVERLAPS,
    ),
    "household": ("account_id", "account_id, size, valid_from", "true"),
    "contract": (
        "service_point_id",
        f"service_point_id, contract_demand_milli, capacity_milli, power_factor_milli, {_DAYS}",
        _OVERLAPS,
    ),
    "transformer": (
        "service_point_id",
        f"service_point_id, id, name, capacity_milli, interlock, model, {_DAYS}",
        _OVERLAPS,
    ),
    "suspension": (
        "transformer_id",
        "transformer_id, valid_from, valid_until",
        "valid_from < %(end)s and valid_until > %(start)s",
    ),
}


@dataclass(frozen=True, slots=True)
class _Kept:
    """Rows of each kind by what they hang on."""

    areapart: ByOwner
    supplygap: ByOwner
    evidence: ByOwner
    household: ByOwner
    contract: ByOwner
    transformer: ByOwner
    suspension: ByOwner


def completed(
    plain: Sequence[BillingFacts], premises: Sequence[int], period: Interval[date]
) -> list[BillingFacts]:
    """The facts with what is kept beside them; ``premises`` stand in the same order."""
    kinds = _kinds_kept()
    if not kinds or not plain:
        return list(plain)
    kept = _read(kinds, plain, premises, period)
    return [_with(facts, place, kept, period) for facts, place in zip(plain, premises, strict=True)]


def _kinds_kept() -> list[str]:
    asked = ", ".join(
        f"exists (select from customers_{kind} where tenant_id = %(tenant)s)" for kind in _SOURCES
    )
    (answers,) = fetch(f"select {asked}", {})
    return [kind for kind, any_kept in zip(_SOURCES, answers, strict=True) if any_kept]


def _read(
    kinds: Sequence[str],
    plain: Sequence[BillingFacts],
    premises: Sequence[int],
    period: Interval[date],
) -> _Kept:
    owners = {
        "premises_id": premises,
        "account_id": [facts.account_id for facts in plain],
        "service_point_id": [facts.service_point_id for facts in plain],
    }
    found: dict[str, ByOwner] = {}
    for kind, (owner, columns, condition) in _SOURCES.items():
        if kind == "suspension":
            owners["transformer_id"] = [
                row[0] for rows in found["transformer"].values() for row in rows
            ]
        ids = sorted(set(owners[owner])) if kind in kinds else []
        rows = (
            fetch(
                f"select {columns} from customers_{kind} "  # noqa: S608 - composed of constants
                f"where tenant_id = %(tenant)s and {owner} = any(%(ids)s::bigint[]) "
                f"and {condition} order by 1, 2, 3",
                {"ids": db.array(ids), "start": period.start, "end": period.end},
            )
            if ids
            else []
        )
        found[kind] = _grouped(rows)
    return _Kept(**found)


def _grouped(rows: Iterable[Row]) -> ByOwner:
    grouped: ByOwner = {}
    for owner, *values in rows:
        grouped.setdefault(owner, []).append(tuple(values))
    return grouped


def _with(
    facts: BillingFacts, premises_id: int, kept: _Kept, period: Interval[date]
) -> BillingFacts:
    day = max(period.start, facts.valid_from)
    account, point = facts.account_id, facts.service_point_id
    changes: dict[str, Any] = {}
    if parts := kept.areapart.get(premises_id):
        changes["parts"] = tuple(AreaPart(*row[:3]) for row in parts if _holds(row, day))
    if gaps := kept.supplygap.get(point):
        changes["supply"], changes["heated_from"] = _supply(gaps[0], period)
    if proofs := kept.evidence.get(account):
        changes["evidence"] = frozenset(row[0] for row in proofs if _holds(row, day))
    if sizes := kept.household.get(account):
        in_force = sorted((since, size) for size, since in sizes if since < period.end)
        changes["household_size"], changes["household_from"] = _household(in_force)
    contracts, transformers = kept.contract.get(point), kept.transformer.get(point)
    if contracts or transformers:
        changes["power"] = _power(contracts or [], transformers or [], kept.suspension, period)
    return replace(facts, **changes) if changes else facts


def _holds(row: Row, day: date) -> bool:
    start, end = row[-2:]
    return bool(start <= day and (end is None or end > day))


def _supply(gap: Row, period: Interval[date]) -> tuple[Supply, date | None]:
    """A gap that covers the period's first day: of the whole period, or until supply begins."""
    kind, until = gap
    if kind == GapKind.NOT_CONNECTED:
        return Supply.FIRST_CONNECTION, until or period.end
    if until is None or until >= period.end:
        return Supply.STOPPED, None
    return Supply.RESUMED, until


def _household(in_force: Sequence[tuple[date, int]]) -> tuple[int, date | None]:
    """Persons at the end of the period, and the day since when there were never fewer."""
    if not in_force:
        return 0, None
    size = in_force[-1][1]
    since = in_force[-1][0]
    for start, persons in reversed(in_force):
        if persons < size:
            break
        since = start
    return size, since


def _power(
    contracts: Sequence[Row],
    transformers: Sequence[Row],
    suspensions: ByOwner,
    period: Interval[date],
) -> PowerContract:
    """The contract in force when the period, or its first contract in the period, begins."""
    demand, capacity, factor = None, None, None
    if contracts:
        demand, capacity, factor, *_ = min(contracts, key=lambda row: row[3])
    return PowerContract(
        contract_demand_milli=demand,
        capacity_milli=capacity,
        transformers=tuple(
            Transformer(
                name=name,
                capacity_milli=milli,
                interlock=interlock,
                model=model,
                in_service=_in_service(start, end, period),
                suspended=tuple(Interval(*span) for span in suspensions.get(identity, ())),
            )
            for identity, name, milli, interlock, model, start, end in sorted(
                transformers, key=lambda row: (row[1], row[5])
            )
        ),
        power_factor=None if factor is None else Decimal(factor).scaleb(-3),
    )


def _in_service(start: date, end: date | None, period: Interval[date]) -> Interval[date] | None:
    whole = start <= period.start and (end is None or end >= period.end)
    return None if whole else Interval(start, end or date.max)
