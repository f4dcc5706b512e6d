"""When each published version of a code holds: from its first day to its successor's, without gap or overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from metercash.contexts.tariffs.contracts import FirstDayTaken, PeriodGap, PeriodTaken


@dataclass(frozen=True, slots=True)
class Held:
    """A published version.

    Attributes:
        since: Its first day.
        own_until: First day it no longer holds by its own text or by a decision to close it;
            ``None`` while only a successor ends it.
    """

    document_id: int
    version: int
    since: date
    own_until: date | None


def ends(code: str, versions: Iterable[Held]) -> dict[int, date | None]:
    """First day after each version, by document; ``None`` for the last one while it is open.

    Raises:
        FirstDayTaken: if two begin on the same day.
        PeriodTaken: if one says it holds beyond its successor's first day.
        PeriodGap: if one ends before its successor begins.
    """
    ordered = sorted(versions, key=lambda held: (held.since, held.version))
    found: dict[int, date | None] = {held.document_id: held.own_until for held in ordered}
    for held, successor in pairwise(ordered):
        told = {"code": code, "version": held.version, "successor": successor.version}
        if held.since == successor.since:
            raise FirstDayTaken(**told, since=held.since)
        if held.own_until is not None and held.own_until > successor.since:
            raise PeriodTaken(**told, until=held.own_until, since=successor.since)
        if held.own_until is not None and held.own_until < successor.since:
            raise PeriodGap(**told, until=held.own_until, since=successor.since)
        found[held.document_id] = successor.since
    return found
