"""Metered, tiered and time-of-use charges, figures worked by hand."""

from datetime import date

import pytest

from metercash.kernel.interval import Interval
from metercash.rating.calendar import Calendar
from metercash.rating.components.months import months_of
from metercash.rating.errors import UnitMismatch, UsageInconsistent, UsageMissing
from tests.unit.rating.helpers import fen, plan, rate


JULY = Interval(date(2025, 7, 1), date(2025, 8, 1))
TWO_MONTHS = Interval(date(2025, 9, 1), date(2025, 11, 1))
BEIJING = "kind: tiered, cycle: YEAR, bounds: [2880, 4800], base: 0.4883, prices: [0.05, 0.30]"
GUANGDONG = (
    "kind: tiered, cycle: MONTH, style: SPLIT, bounds: [200, 400], prices: [0.62, 0.67, 0.92],"
    " seasons: [{months: [5, 6, 7, 8, 9, 10], bounds: [260, 600]}]"
)
TOU = "kind: time_of_use, zones: {peak: {price: 0.617}, valley: {price: 0.307}}"
LADDER = (
    "kind: tiered, cycle: YEAR, bounds: [3120, 4800], prices: [0.05, 0.30],"
    " crossed: {2: {peak: 0.06, valley: 0.03}, 3: {peak: 0.36, valley: 0.18}}"
)


def kwh(**zones):
    return {zone: value * 1000 for zone, value in zones.items()}


def test_metered_and_funds_are_lines_of_their_own():
    rated = rate(
        "kind: metered, price: 0.5469, unit: kWh", "kind: surcharge, price: 0.0271, unit: kWh",
        usage=kwh(total=100),
    )  # fmt: skip
    assert fen(rated) == [("energy.base", 5469), ("fund", 271)]


def test_a_year_over_three_tiers():
    rated = rate(BEIJING, usage=kwh(total=5200))
    assert fen(rated) == [("energy.base", 253916), ("ladder.2", 9600), ("ladder.3", 12000)]


def test_the_first_tier_alone_has_no_surcharge_line():
    assert fen(rate(BEIJING, usage=kwh(total=100))) == [("energy.base", 4883)]


@pytest.mark.parametrize(
    ("period", "used", "total"), [(JULY, 700, 48100), (TWO_MONTHS, 1500, 105400)]
)
def test_monthly_bounds_add_up_over_the_months_of_the_period(period, used, total):
    assert rate(GUANGDONG, period=period, usage=kwh(total=used)).total.fen == total


def test_months_cross_the_year():
    assert months_of(date(2025, 12, 10), date(2026, 2, 10)) == (12, 1)


def test_monthly_cycle_forgets_the_year():
    rated = rate(GUANGDONG, period=JULY, usage=kwh(total=100), year_to_date_milli=10**9)
    assert fen(rated) == [("tier.1", 6200)]


@pytest.mark.parametrize(
    ("tiers", "persons", "months", "expected"),
    [
        ("ALL", 5, None, [("energy.base", 308500), ("ladder.2", 3400)]),
        ("ALL", 4, None, [("energy.base", 308500), ("ladder.2", 8400), ("ladder.3", 6000)]),
        ("ALL", 5, 1, [("energy.base", 308500), ("ladder.2", 8400), ("ladder.3", 3000)]),
        ("FIRST", 5, None, [("energy.base", 308500), ("ladder.2", 2400), ("ladder.3", 6000)]),
    ],
)
def test_large_households_have_larger_bounds(tiers, persons, months, expected):
    ladder = (
        "kind: tiered, cycle: YEAR, bounds: [3120, 4800], base: 0.617, prices: [0.05, 0.30],"
        f" household: {{from_persons: 5, per_month: 100, tiers: {tiers}}}"
    )
    rated = rate(ladder, usage=kwh(total=5000), household_size=persons, household_months=months)
    assert fen(rated) == expected


@pytest.mark.parametrize(
    ("before", "peak", "valley", "expected"),
    [
        (3000, 250, 150, [15425, 4605, 1400]),
        (4700, 180, 120, [11106, 3684, 500, 6000]),
        (3300, 100, 50, [6170, 1535, 600, 150]),
        (5000, 100, 50, [6170, 1535, 3600, 900]),
        (0, 100, 50, [6170, 1535]),
    ],
)
def test_tiers_over_time_of_use(before, peak, valley, expected):
    rated = rate(TOU, LADDER, usage=kwh(peak=peak, valley=valley), year_to_date_milli=before * 1000)
    assert [amount for _, amount in fen(rated)] == expected


def test_zones_may_lack_hours_and_may_have_them():
    assert plan(TOU).time_of_use is None
    hours = 'hours: [["00:00", "24:00"]]'
    day = plan(f"kind: time_of_use, zones: {{all: {{price: 1, {hours}}}}}")
    assert day.time_of_use == Calendar.of_one_kind({"all": [(0, 96)]})


@pytest.mark.parametrize(
    ("usage", "unit", "error"),
    [
        ({}, "kWh", UsageMissing),
        (kwh(peak=1), "kWh", UsageMissing),
        (kwh(peak=1, valley=1), "GJ", UnitMismatch),
        (kwh(peak=1, valley=1, total=3), "kWh", UsageInconsistent),
    ],
)
def test_usage_that_cannot_be_priced_is_refused(usage, unit, error):
    with pytest.raises(error):
        rate(TOU, usage=usage, usage_unit=unit)
    assert rate(TOU, usage=kwh(peak=1, valley=1, total=2)).total.fen == 93
