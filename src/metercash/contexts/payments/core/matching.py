"""Comparing a channel's statement with our facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


CROSS_DAY_WINDOW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ours:
    """A fact of ours, as far as matching needs it."""

    fact_id: int
    kind: str
    provider_txn: str
    fen: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Theirs:
    """A line of the channel, as far as matching needs it."""

    line_no: int
    kind: str
    provider_txn: str
    fen: int


@dataclass(frozen=True, slots=True)
class Matching:
    """How the two sides pair.

    Attributes:
        matched: Pairs of line number and fact id that agree.
        amount: Pairs that name the same movement with another amount.
        only_channel: Line numbers we have not heard of.
        only_ours: Fact ids the channel does not list.
    """

    matched: tuple[tuple[int, int], ...]
    amount: tuple[tuple[int, int], ...]
    only_channel: tuple[int, ...]
    only_ours: tuple[int, ...]


def match(theirs: Iterable[Theirs], ours: Mapping[tuple[str, str], Ours]) -> Matching:
    """Pair by kind and the provider's number; each fact of ours is taken once.

    Args:
        ours: Facts by (kind, provider's number).
    """
    matched, amount, only_channel = [], [], []
    left = dict(ours)
    for line in theirs:
        fact = left.pop((line.kind, line.provider_txn), None)
        if fact is None:
            only_channel.append(line.line_no)
        elif fact.fen == line.fen:
            matched.append((line.line_no, fact.fact_id))
        else:
            amount.append((line.line_no, fact.fact_id))
    only_ours = tuple(fact.fact_id for fact in left.values())
    return Matching(tuple(matched), tuple(amount), tuple(only_channel), only_ours)
