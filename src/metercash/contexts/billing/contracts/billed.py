"""What posted bills were made from, for whoever asks what another price would have come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from metercash.kernel.interval import Interval
from metercash.rating.facts import RatingFacts


@dataclass(frozen=True, slots=True)
class BilledStretch:
    """Days of one price document.

    Attributes:
        sha256: Hash of the document's text.
        share: Days of every part and which one it is, where it bears a part of a longer charge.
    """

    sha256: str
    facts: RatingFacts
    share: tuple[tuple[int, ...], int] | None


@dataclass(frozen=True, slots=True)
class Billed:
    """A posted bill of one account and what it was made from."""

    bill_id: int
    account_id: int
    account_no: str
    community_id: int
    category: str
    area_milli: int
    total_fen: int
    stretches: tuple[BilledStretch, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """Which posted bills are meant; an empty filter means all.

    Attributes:
        period: Bills whose period lies within.
        purpose: Ordinary bills, or what else a run was for.
    """

    plan_code: str
    period: Interval[date]
    community_id: int | None = None
    category: str = ""
    purpose: str = "REGULAR"
