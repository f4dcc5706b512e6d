"""A plan: what it asks of the facts, its season, and its way to another process."""

import pickle
from datetime import date

import pytest

from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.components.base import Season
from metercash.rating.facts import RatingFacts
from tests.unit.rating.helpers import HEAD, SEASON, fen, plan
from tests.unit.rating.spoken import AREA, CAPACITY, DEMAND, ENERGY, LADDER, LINKED


FACTOR = 'kind: power_factor, standard: "0.90"'
MONTHLY = "kind: tiered, cycle: MONTH, bounds: [9], base: 1, prices: [1]"


@pytest.mark.parametrize(
    ("on", "season"),
    [
        (date(2025, 11, 14), SEASON), (date(2025, 11, 15), SEASON), (date(2026, 3, 15), SEASON),
        (date(2026, 3, 16), Interval(date(2026, 11, 15), date(2027, 3, 16))),
    ],
)  # fmt: skip
def test_a_day_has_its_season_or_the_next(on, season):
    assert plan(AREA).season_of(on) == season


@pytest.mark.parametrize(
    ("on", "start", "until"),
    [
        (date(2026, 1, 9), date(2026, 1, 10), date(2026, 3, 5)),
        (date(2026, 3, 4), date(2026, 1, 10), date(2026, 3, 5)),
        (date(2026, 3, 5), date(2027, 1, 10), date(2027, 3, 5)),
    ],
)
def test_a_season_may_lie_within_a_year(on, start, until):
    made = Season(1, 10, 3, 5)
    assert made.containing_or_next(on) == Interval(start, until)
    assert made.beginning_in(start.year) == Interval(start, until)


def test_without_a_season_no_day_has_one():
    head = HEAD.replace("season: {start: 11-15, until: 03-16}\n", "")
    assert plan(AREA, head=head).season_of(date(2026, 1, 1)) is None


def test_rates_the_same_after_its_way_to_another_process():
    made, facts = plan(AREA, LINKED), RatingFacts(SEASON, area_milli=1234, usage={"total": 5678})
    here = engine.rate(plan=made, facts=facts)
    there = pickle.loads(pickle.dumps(made))
    assert "raters" in vars(made)
    assert "raters" not in vars(there)
    assert fen(engine.rate(plan=there, facts=facts)) == fen(here)
    assert there == made


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        (ENERGY, (False, False, False)),
        (MONTHLY, (False, False, False)),
        (LADDER + ", base: 1, prices: [1, 1]", (True, False, False)),
        (DEMAND + ", by: ACTUAL", (False, True, False)),
        (CAPACITY, (False, False, False)),
        (FACTOR, (False, False, True)),
    ],
)
def test_asks_for_what_its_components_need(rule, asks):
    made = plan(rule)
    assert (made.tiers_by_year, made.measures_demand, made.measures_reactive) == asks


CARRIED = "kind: two_part, basic: 1, metered: 1, unit: kWh, settlement: {}"


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        (ENERGY, (False, False, True)),
        ("kind: surcharge, price: 1, unit: kWh", (False, False, True)),
        (LINKED, (False, False, True)),
        (AREA, (False, False, False)),
        (AREA + ", per: DAY", (False, False, True)),
        (AREA + ", proration: ACTUAL_DAYS", (False, False, True)),
        (LADDER + ", base: 1, prices: [1, 1]", (True, False, False)),
        (LADDER + ", base: 1, prices: [1, 1], free: {per_month: 1}", (True, False, False)),
        (
            LADDER + ", base: 1, prices: [1, 1], free: {per_month: 1, carry: true}",
            (True, True, False),
        ),
        ("kind: year_settlement, bounds: [9], prices: [1]", (True, True, False)),
        (CARRIED.format("CARRIED_TO_NEXT_SEASON"), (False, True, False)),
        (CARRIED.format("BOTH_WAYS"), (False, False, False)),
    ],
)
def test_tells_what_earlier_bills_and_days_it_needs(rule, known):
    made = plan(rule)
    assert (made.counts_year, bool(made.remembers), made.sold_by_day) == known


def test_names_the_changes_of_all_components_once_and_in_order():
    changes = "kind: price_change, old: 1, new: [1], changes_on: {}"
    made = plan(
        changes.format("2026-01-25"), changes.format("2026-01-05"), changes.format("2026-01-25")
    )
    found = made.changes_in(Interval(date(2026, 1, 1), date(2026, 2, 1)))
    assert found == (date(2026, 1, 5), date(2026, 1, 25))
