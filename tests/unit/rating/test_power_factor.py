"""Adjusting a bill by its power factor."""

from decimal import Decimal
from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.rating.components import power_factor
from metercash.rating.components.power_factor_1983 import PERCENT
from metercash.rating.errors import FactMissing, PowerFactorUndefined, UsageMissing
from metercash.rating.facts_power import PowerFacts
from tests.unit.rating.commercial import APRIL, examples, kwh, table
from tests.unit.rating.helpers import fen, rate


CAPACITY_FEE = "kind: demand, price: 10400, by: ACTUAL"
ENERGY = "kind: metered, price: 0.5344, unit: kWh"
ADJUST = 'kind: power_factor, standard: "0.90"'


def test_the_table_holds_what_its_rule_says():
    for standard, percents in PERCENT.items():
        assert len(percents) == 101
        at = int(Decimal(standard) * 100)
        assert percents[at] == 0
        steps = [Decimal("0.5")] * 20 + [Decimal(1)] * 5 + [Decimal(2)] * at
        for below, step in zip(range(at - 1, -1, -1), steps, strict=False):
            assert percents[below] - percents[below + 1] == step
        assert all(one >= other for one, other in pairwise(percents))
        assert min(percents) == {"0.90": Decimal("-0.75"), "0.85": Decimal("-1.10")}.get(
            standard, Decimal("-1.30")
        )


@pytest.mark.parametrize(
    ("standard", "factor", "percent"), table("power-factor", "Points of the table")
)
def test_printed_points_of_the_table(standard, factor, percent):
    assert power_factor.percent(standard, Decimal(factor)) == Decimal(percent)


@pytest.mark.parametrize(
    ("raw", "expected"), [("0.855", "0.86"), ("0.754", "0.75"), ("1", "1.00"), ("0", "0.00")]
)
def test_a_known_factor_is_rounded_half_up(raw, expected):
    assert str(power_factor.rounded(Decimal(raw))) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [("1003", "1.00"), ("1004", "0.99"), ("3461", "0.95"), ("3462", "0.94"), ("11848", "0.64")],
)
def test_printed_break_points_of_the_ratio(ratio, expected):
    assert str(power_factor.of_energy(10_000, int(ratio))) == expected


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_is_the_cosine_to_two_decimals(active, reactive):
    cosine = active / sqrt(active**2 + reactive**2)
    assert abs(float(power_factor.of_energy(active, reactive)) - cosine) <= 0.005 + 1e-9


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_reactive_energy_never_costs_less(active, one, other):
    least, most = sorted((one, other))
    assert power_factor.of_energy(active, least) >= power_factor.of_energy(active, most)


def test_both_directions_of_reactive_energy_are_added():
    bill = [
        rate(CAPACITY_FEE, ADJUST, period=APRIL, usage=kwh(total=40000), power=power)
        for power in (
            PowerFacts(demand_milli=(1000,), reactive_milli=39_670_000),
            PowerFacts(
                demand_milli=(1000,), reactive_milli=30_000_000, reverse_reactive_milli=-9_670_000
            ),
        )
    ]
    assert fen(bill[0]) == fen(bill[1]) == [("demand", 1040000), ("power_factor", 98800)]


def test_the_base_is_the_printed_lines_without_funds():
    fund = "kind: surcharge, price: 0.05, unit: kWh"
    rated = rate(
        CAPACITY_FEE, ENERGY, fund, ADJUST,
        period=APRIL, usage=kwh(total=2650),
        power=PowerFacts(demand_milli=(1000,), power_factor=Decimal("0.52")),
    )  # fmt: skip
    assert fen(rated)[-1] == ("power_factor", 484463)
    assert rated.lines[-1].because.arithmetic == "11816.16 × 41%"


def test_funds_within_the_prices_are_taken_off():
    power = PowerFacts(power_factor=Decimal("0.80"))
    energy = "kind: metered, price: 0.60, unit: kWh"
    adjusted = f"{ADJUST}, funds_within: 0.05"
    rated = rate(energy, adjusted, period=APRIL, usage=kwh(total=1000), power=power)
    assert fen(rated) == [("energy.base", 60000), ("power_factor", 2750)]
    with pytest.raises(UsageMissing):
        rate(adjusted, period=APRIL, power=power)


def test_only_the_lines_named():
    power = PowerFacts(demand_milli=(1000,), power_factor=Decimal(1))
    rated = rate(
        CAPACITY_FEE, ENERGY, f"{ADJUST}, on: [demand]",
        period=APRIL, usage=kwh(total=2650), power=power,
    )  # fmt: skip
    assert fen(rated)[-1] == ("power_factor", -7800)


def test_what_is_unknown_is_refused():
    with pytest.raises(FactMissing):
        rate(ADJUST, period=APRIL)
    with pytest.raises(FactMissing):
        power_factor.rounded(Decimal("1.01"))
    with pytest.raises(FactMissing):
        power_factor.of_energy(-1, 0)
    with pytest.raises(PowerFactorUndefined):
        power_factor.of_energy(0, 0)


def test_the_examples_of_the_page_read():
    assert [made.components[0].kind for made in examples("power-factor")] == ["power_factor"]
