"""Who pays more and who pays less when a price changes: arithmetic over what real accounts would pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from statistics import median_low

from metercash.contexts.analytics.contracts import Change, Group, Impact


DECILES = 10
AREA_BOUNDS = (60_000, 90_000, 120_000, 144_000)
SHOWN = 50


def impact(changes: Sequence[Change]) -> Impact:
    """Divide and count."""
    by_change = sorted(changes, key=lambda one: (one.change_fen, one.account_no))
    return Impact(
        whole=group("", changes),
        deciles=_deciles(changes),
        areas=_parts(changes, lambda one: [_area(one.area_milli)]),
        communities=_parts(changes, lambda one: [str(one.community_id)]),
        categories=_parts(changes, lambda one: [one.category]),
        subsidies=_parts(changes, lambda one: sorted(one.evidence)),
        increases=tuple(one for one in reversed(by_change[-SHOWN:]) if one.change_fen > 0),
        decreases=tuple(one for one in by_change[:SHOWN] if one.change_fen < 0),
    )


def group(name: str, changes: Sequence[Change]) -> Group:
    """The accounts as one group."""
    moved = [one.change_fen for one in changes]
    return Group(
        name,
        len(changes),
        sum(one.before_fen for one in changes),
        sum(one.after_fen for one in changes),
        sum(fen > 0 for fen in moved),
        sum(fen < 0 for fen in moved),
        median_low(moved) if moved else 0,
    )


def _deciles(changes: Sequence[Change]) -> tuple[Group, ...]:
    ordered = sorted(changes, key=lambda one: (one.before_fen, one.account_no))
    bounds = [len(ordered) * number // DECILES for number in range(DECILES + 1)]
    return tuple(
        group(str(number + 1), ordered[bounds[number] : bounds[number + 1]])
        for number in range(DECILES)
        if bounds[number] < bounds[number + 1]
    )


def _parts(
    changes: Sequence[Change], names: Callable[[Change], Sequence[str]]
) -> tuple[Group, ...]:
    parts: dict[str, list[Change]] = defaultdict(list)
    for one in changes:
        for name in names(one):
            parts[name].append(one)
    return tuple(group(name, parts[name]) for name in sorted(parts))


def _area(milli: int) -> str:
    """Band of the area in square meters, such as ``060–090``."""
    bounds = (0, *AREA_BOUNDS)
    index = sum(milli >= bound for bound in AREA_BOUNDS)
    low = f"{bounds[index] // 1000:03}"
    return f"{low}–{bounds[index + 1] // 1000:03}" if index < len(AREA_BOUNDS) else f"{low}–"
