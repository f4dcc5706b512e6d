"""The bills of a situation: facts searched until a line of the kind rounds in every way it can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import Final

from metercash.kernel.interval import Interval, days
from metercash.rating import engine
from metercash.rating.bill import Line
from metercash.rating.components.base import Season
from metercash.rating.components.months import started_months
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import AreaPart, HeatFacts, Supply
from metercash.rating.facts_power import PowerFacts, Transformer
from metercash.rating.plan import Plan
from metercash.rating.sharing import Among, borne_by_others
from tests.grid.axes import (
    BY_DAY,
    HEAT,
    SHARED,
    Cell,
    Change,
    Customer,
    Edge,
    Rounding,
    Situation,
    Surface,
    legal,
)
from tests.grid.documents import NEW, OLD, OWN, document


SEASONS: Final = {
    Edge.WHOLE: (date(2025, 11, 15), date(2026, 3, 16)),
    Edge.BEGUN_LATE: (date(2025, 12, 11), date(2026, 3, 16)),
    Edge.ENDED_EARLY: (date(2025, 11, 15), date(2026, 2, 20)),
    Edge.SINGLE_DAY: (date(2026, 1, 10), date(2026, 1, 11)),
    Edge.TURN_OF_YEAR: (date(2025, 12, 20), date(2026, 1, 20)),
    Edge.LEAP_FEBRUARY: (date(2023, 11, 15), date(2024, 3, 16)),
}
MONTHS: Final = {
    Edge.WHOLE: (date(2025, 11, 1), date(2025, 12, 1)),
    Edge.BEGUN_LATE: (date(2025, 11, 11), date(2025, 12, 1)),
    Edge.ENDED_EARLY: (date(2025, 11, 1), date(2025, 11, 21)),
    Edge.SINGLE_DAY: (date(2025, 11, 16), date(2025, 11, 17)),
    Edge.TURN_OF_YEAR: (date(2025, 12, 16), date(2026, 1, 16)),
    Edge.LEAP_FEBRUARY: (date(2024, 2, 1), date(2024, 3, 1)),
}
YEARS: Final = {
    Edge.WHOLE: (date(2025, 1, 1), date(2026, 1, 1)),
    Edge.BEGUN_LATE: (date(2025, 3, 12), date(2026, 1, 1)),
    Edge.ENDED_EARLY: (date(2025, 1, 1), date(2025, 9, 20)),
    Edge.SINGLE_DAY: (date(2025, 5, 5), date(2025, 5, 6)),
    Edge.TURN_OF_YEAR: (date(2025, 12, 16), date(2026, 1, 16)),
    Edge.LEAP_FEBRUARY: (date(2024, 1, 1), date(2025, 1, 1)),
}
SEASON: Final = Season(11, 15, 3, 16)
TRIES: Final = 400


@dataclass(frozen=True, slots=True)
class Share:
    """The two parts of a period charged as a whole: of the first holder, or of each price."""

    parts: tuple[Interval[date], ...]
    among: Among

    @property
    def days(self) -> tuple[int, ...]:
        """Days of each part."""
        return tuple(days(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Case:
    """A bill to make: each stretch with the text and the plan of its price and the facts.

    Where the period is shared, each stretch holds all of it and bears the part of its place.
    """

    stretches: tuple[tuple[str, Plan, RatingFacts], ...]
    share: Share | None

    def lines(self) -> list[Line]:
        """The lines as the engine makes them."""
        lines: list[Line] = []
        for index, (_, plan, facts) in enumerate(self.stretches):
            rated = engine.rate(plan=plan, facts=facts)
            lines += rated.lines
            if share := self.share:
                among, citation = share.among, plan.citation
                lines.append(
                    borne_by_others(rated.total, share.days, index, among=among, citation=citation)
                )
        return lines


def period_of(situation: Situation) -> Interval[date]:
    """The days that are billed."""
    kind = situation.kind
    table = SEASONS if kind in HEAT else YEARS if kind == "year_settlement" else MONTHS
    return Interval(*table[situation.edge])


@cache
def cases_of(situation: Situation) -> Mapping[Rounding, Case]:
    """The legal bills of a situation, as far as the search finds them."""
    wanted = {r for r in Rounding if legal(Cell(situation, r), Surface.ENGINE)}
    found: dict[Rounding, Case] = {}
    step = _step(situation)
    for credit in (False, True):
        sought = {r for r in wanted if (r is Rounding.NEGATIVE_HALF) is credit}
        for size in chain(_around(31_000, 1), _around(31_000 // step, step)):
            if sought <= found.keys():
                break
            case = _made(situation, size, credit=credit)
            for line in case.lines():
                rounding = rounding_of(line.exact)
                if rounding in sought and line.code.startswith(OWN[situation.kind]):
                    found.setdefault(rounding, case)
    return found


def _around(first: int, step: int) -> Iterator[int]:
    return (number * step for number in range(first, first + TRIES))


def _step(situation: Situation) -> int:
    """What an amount by days or months is divided by: its multiples have few decimals."""
    period = period_of(situation)
    return days(SEASON.containing_or_next(period.start)) if situation.kind in HEAT else 30


def rounding_of(yuan: Decimal) -> Rounding | None:
    """Where an exact amount lies between two fen; ``None`` for nothing."""
    rest = abs(yuan) * 100 % 1
    if not yuan:
        return None
    if rest == Decimal("0.5"):
        return Rounding.HALF if yuan > 0 else Rounding.NEGATIVE_HALF
    if not rest:
        return Rounding.EXACT
    return Rounding.BELOW_HALF if rest < Decimal("0.5") else Rounding.ABOVE_HALF


def _made(situation: Situation, size: int, *, credit: bool) -> Case:
    """The bill of an area or a usage of so many thousandths; ``credit`` asks for lines below zero."""
    period, change = period_of(situation), situation.change
    middle = period.start + timedelta(days=days(period) // 2)
    if situation.edge is Edge.TURN_OF_YEAR:
        middle = date(period.end.year, 1, 1)
    changes_on = middle if change is Change.NEW_VERSION else None
    cuts = {changes_on} - {None}
    if situation.kind == "tiered" and situation.edge is Edge.TURN_OF_YEAR:
        cuts.add(date(period.end.year, 1, 1))
    by_season = change is Change.NEW_VERSION and situation.kind in SHARED - BY_DAY
    stretches, before = [], 2_870_000
    for part in period.split(sorted(cut for cut in cuts if cut is not None)):
        version = NEW if changes_on is not None and part.start >= changes_on else OLD
        text, plan = document(situation.kind, changes_on, version)
        if part.start.year != period.start.year:
            before = 0
        billed = period if by_season else part
        facts = _facts(situation, billed, size, before, credit=credit)
        before += sum(facts.usage.values())
        stretches.append((text, plan, facts))
    if not by_season and change is not Change.NEW_OWNER:
        return Case(tuple(stretches), None)
    among = Among.PRICES if by_season else Among.HOLDERS
    return Case(tuple(stretches), Share(tuple(period.split([middle])), among))


def _facts(
    situation: Situation, period: Interval[date], size: int, before: int, *, credit: bool
) -> RatingFacts:
    """Facts of an account that every kind can be rated with."""
    kind, customer = situation.kind, situation.customer
    usage = {"total": size}
    if kind == "time_of_use":
        usage = {"peak": size, "flat": size + 7_000, "valley": size + 3_000}
    elif kind == "year_settlement":
        usage = {"total": 3_000_000 + size}
    elif kind == "free_units_refund":
        usage = {"total": size % 10_000}
    elif kind == "two_part" and credit:
        usage = {"total": size * 20_000}
    evidence = {"LOW_INCOME"} if customer is Customer.LOW_INCOME else set()
    if kind == "discount":
        evidence.add("EARLY_PAYMENT")
    year = Interval(date(period.start.year, 1, 1), date(period.start.year + 1, 1, 1))
    served = year & period
    assert served is not None
    parts = (AreaPart("BALCONY", size, 2300), AreaPart("BALCONY", size + 500, 2100))
    return RatingFacts(
        period=period,
        area_milli=size,
        height_mm=3700 if kind == "height_surcharge" else 2800,
        household_size=6 if customer is Customer.LOW_INCOME else 3,
        category="NON_RESIDENT" if customer is Customer.COMMERCIAL else "RESIDENT",
        usage=usage,
        year_to_date_milli=before,
        tier_months=started_months(served.start, served.end) if kind == "year_settlement" else 12,
        ladder_charged_fen=500_000 if credit else 0,
        evidence=frozenset(evidence),
        heat=HeatFacts(
            parts=parts if kind == "area_parts" else (),
            supply=Supply.STOPPED if kind == "stop_fee" else Supply.HEATED,
        ),
        power=PowerFacts(
            demand_milli=(size,),
            contract_demand_milli=28_000,
            capacity_milli=100_000,
            transformers=(Transformer("1", size), Transformer("2", 51_000)),
            power_factor=Decimal("0.95" if credit else "0.79"),
        ),
    )
