"""What only heat is priced by: parts of a home, how it was supplied, when and how it was paid for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Supply(StrEnum):
    """How an account was supplied in the season."""

    HEATED = "HEATED"
    STOPPED = "STOPPED"
    RESUMED = "RESUMED"
    FIRST_CONNECTION = "FIRST_CONNECTION"


@dataclass(frozen=True, slots=True)
class AreaPart:
    """Area that a notice counts in a way of its own.

    Attributes:
        part: What the notice calls it: ``BALCONY``, ``STAIRWELL``, ``ATTIC``, …
        area_milli: Its area, thousandths of a square meter.
        height_mm: Its clear height in millimeters; 0 when unknown.
    """

    part: str
    area_milli: int
    height_mm: int = 0


@dataclass(frozen=True, slots=True)
class HeatFacts:
    """Frozen facts of heat, all optional.

    Attributes:
        parts: Areas beside the chargeable one.
        supply: Heated all the season, stopped for all of it, or begun late.
        heated_from: First day with heat of a late start.
        paid_on: Day the season was paid in full; ``None`` while it is not.
        paid_by: Channel it was paid by, such as ``WECHAT``.
        carried_fen: Difference brought from the season before: above zero the account owes it,
            below zero it is the account's credit.
    """

    parts: tuple[AreaPart, ...] = ()
    supply: Supply = Supply.HEATED
    heated_from: date | None = None
    paid_on: date | None = None
    paid_by: str = ""
    carried_fen: int = 0


NO_HEAT_FACTS = HeatFacts()
