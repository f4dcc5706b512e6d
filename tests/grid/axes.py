"""The axes of the grid, and which of their combinations cannot be, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final, NamedTuple, get_args, get_type_hints

from metercash.rating.components import Component


class Customer(StrEnum):
    """Who is billed."""

    RESIDENTIAL = "RESIDENTIAL"
    COMMERCIAL = "COMMERCIAL"
    LOW_INCOME = "LOW_INCOME"


class Edge(StrEnum):
    """How the period lies in the season, the month or the tier year."""

    WHOLE = "WHOLE"
    BEGUN_LATE = "BEGUN_LATE"
    ENDED_EARLY = "ENDED_EARLY"
    SINGLE_DAY = "SINGLE_DAY"
    TURN_OF_YEAR = "TURN_OF_YEAR"
    LEAP_FEBRUARY = "LEAP_FEBRUARY"


class Change(StrEnum):
    """What changes within the period."""

    NONE = "NONE"
    NEW_VERSION = "NEW_VERSION"
    NEW_OWNER = "NEW_OWNER"


class Rounding(StrEnum):
    """Where the exact amount of a line lies between two fen."""

    EXACT = "EXACT"
    BELOW_HALF = "BELOW_HALF"
    HALF = "HALF"
    ABOVE_HALF = "ABOVE_HALF"
    NEGATIVE_HALF = "NEGATIVE_HALF"


class Surface(StrEnum):
    """Who makes the total. The mass kernel takes its place here and in ``surfaces.TOTAL``."""

    ENGINE = "ENGINE"
    PROOF = "PROOF"
    FACTS_JSON = "FACTS_JSON"
    ARITHMETIC = "ARITHMETIC"
    BILLING = "BILLING"


class Situation(NamedTuple):
    """One row of the golden file."""

    kind: str
    customer: Customer
    edge: Edge
    change: Change


class Cell(NamedTuple):
    """One bill that every surface makes; with a surface it is one cell of the grid."""

    situation: Situation
    rounding: Rounding


KINDS: Final = tuple(
    get_args(get_type_hints(one)["kind"])[0] for one in get_args(get_args(Component)[0])
)
SHARED: Final = frozenset(
    {"area", "area_parts", "height_surcharge", "payers", "stop_fee", "discount", "subsidy", "cap"}
)
HEAT: Final = SHARED | {"two_part"}
BY_DAY: Final = frozenset({"area", "area_parts"})
COMMERCIAL_ONLY: Final = frozenset({"build_up", "demand", "capacity", "power_factor"})
HOMES_ONLY: Final = frozenset({"tiered", "price_change", "free_units_refund", "year_settlement"})
TAKEN_OFF: Final = frozenset({"discount", "subsidy", "cap", "payers", "free_units_refund"})
BOTH_SIGNS: Final = frozenset(
    {"two_part", "time_of_use", "build_up", "power_factor", "year_settlement"}
)


@dataclass(frozen=True, slots=True)
class Illegal:
    """Combinations that cannot be; an axis left out means all of it.

    Attributes:
        reason: Why, for a reader who knows prices.
    """

    reason: str
    kinds: frozenset[str] = frozenset(KINDS)
    customers: frozenset[Customer] = frozenset(Customer)
    edges: frozenset[Edge] = frozenset(Edge)
    changes: frozenset[Change] = frozenset(Change)
    roundings: frozenset[Rounding] = frozenset(Rounding)
    surfaces: frozenset[Surface] = frozenset(Surface)

    def holds(self, cell: Cell, surface: Surface) -> bool:
        """Whether it forbids the cell."""
        kind, customer, edge, change = cell.situation
        return (
            kind in self.kinds
            and customer in self.customers
            and edge in self.edges
            and change in self.changes
            and cell.rounding in self.roundings
            and surface in self.surfaces
        )


HOMES: Final = frozenset({Customer.RESIDENTIAL, Customer.LOW_INCOME})
ILLEGAL: Final = (
    Illegal(
        "Ladders, free units and what settles them are for homes.",
        kinds=HOMES_ONLY,
        customers=frozenset({Customer.COMMERCIAL}),
    ),
    Illegal(
        "Prices by parts, demand, capacity and power factor need a commercial contract.",
        kinds=COMMERCIAL_ONLY,
        customers=HOMES,
    ),
    Illegal(
        "Subsidies and free units are for holders of the proof.",
        kinds=frozenset({"subsidy", "free_units_refund"}),
        customers=frozenset(Customer) - {Customer.LOW_INCOME},
    ),
    Illegal(
        "Heat both metered and sold by the season has the price of the season's first day.",
        kinds=HEAT - SHARED,
        changes=frozenset({Change.NEW_VERSION}),
    ),
    Illegal(
        "What is metered is charged to who used it; only a season by area is shared.",
        kinds=frozenset(KINDS) - SHARED,
        changes=frozenset({Change.NEW_OWNER}),
    ),
    Illegal(
        "A single day has one price version and one holder.",
        edges=frozenset({Edge.SINGLE_DAY}),
        changes=frozenset(Change) - {Change.NONE},
    ),
    Illegal(
        "A change inside one reading is the new version itself.",
        kinds=frozenset({"price_change"}),
        changes=frozenset({Change.NEW_VERSION}),
    ),
    Illegal(
        "A tier year is settled once, by one version.",
        kinds=frozenset({"year_settlement"}),
        changes=frozenset({Change.NEW_VERSION}),
    ),
    Illegal(
        "A tier year ends with the calendar year.",
        kinds=frozenset({"year_settlement"}),
        edges=frozenset({Edge.TURN_OF_YEAR}),
    ),
    Illegal(
        "What is charged by quantity or area is never below zero.",
        kinds=frozenset(KINDS) - TAKEN_OFF - BOTH_SIGNS,
        roundings=frozenset({Rounding.NEGATIVE_HALF}),
    ),
    Illegal(
        "What is taken off is never above zero.",
        kinds=TAKEN_OFF,
        roundings=frozenset({Rounding.HALF}),
    ),
)  # fmt: skip


def legal(cell: Cell, surface: Surface) -> bool:
    """Whether no reason forbids the cell."""
    return not any(rule.holds(cell, surface) for rule in ILLEGAL)


def situations(kind: str) -> Iterator[Situation]:
    """Every situation of a kind, legal or not, in the order of the golden file."""
    for customer, edge, change in product(Customer, Edge, Change):
        yield Situation(kind, customer, edge, change)


def cells(kind: str) -> Iterator[Cell]:
    """Every legal bill of a kind."""
    for situation in situations(kind):
        for rounding in Rounding:
            cell = Cell(situation, rounding)
            if legal(cell, Surface.ENGINE):
                yield cell
