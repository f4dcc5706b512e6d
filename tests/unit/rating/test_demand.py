"""The basic charge by demand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval
from metercash.rating.errors import (
    FactMissing,
    PeriodNotMonthly,
    PlanDocumentInvalid,
    UsageMissing,
)
from metercash.rating.facts_power import PowerFacts
from tests.unit.rating.commercial import APRIL, examples, kwh, table
from tests.unit.rating.helpers import fen, plan, rate


CONTRACT = "kind: demand, price: 32, by: CONTRACT, tolerance_percent: 105"
ACTUAL = "kind: demand, price: 42, by: ACTUAL"
DISCOUNT = "discount: {kwh_per_kva_min: 260, factor: 0.9}"


def demand(component, *actual_kw, contract_kw=None, capacity_kva=None, period=APRIL, **facts):
    power = PowerFacts(
        demand_milli=tuple(int(Decimal(str(kw)) * 1000) for kw in actual_kw),
        contract_demand_milli=contract_kw and contract_kw * 1000,
        capacity_milli=capacity_kva and capacity_kva * 1000,
    )
    [line] = rate(component, period=period, power=power, **facts).lines
    return line


@pytest.mark.parametrize(
    ("actual", "billed", "charged"), [row[1:] for row in table("demand", "Worked example")]
)
def test_the_contract_is_billed_and_once_more_what_is_above_its_tolerance(actual, billed, charged):
    line = demand(CONTRACT, actual, contract_kw=1000)
    assert line.quantity == Decimal(billed)
    assert line.amount.yuan == Decimal(charged)


def test_says_how_the_billed_demand_came_about():
    line = demand(CONTRACT, 1300, contract_kw=1000)
    assert line.because.arithmetic == "32 × (1300 + (1300 − 1000 × 105%))"


def test_feeders_are_added():
    assert demand(ACTUAL, 300, 400.5).quantity == Decimal("700.5")


def test_the_floor_is_a_share_of_the_capacity():
    floored = f"{ACTUAL}, floor_percent_of_capacity: 40"
    assert demand(floored, 228, capacity_kva=800).quantity == 320
    assert demand(floored, 321, capacity_kva=800).quantity == 321
    lifted = f"{CONTRACT}, floor_percent_of_capacity: 40"
    assert demand(lifted, 330, contract_kw=300, capacity_kva=800).quantity == 320


@pytest.mark.parametrize(("milli", "charged"), [(260_000_000, 2646000), (259_999_999, 2940000)])
def test_high_use_is_tested_unrounded(milli, charged):
    line = demand(f"{ACTUAL}, {DISCOUNT}", 700, capacity_kva=1000, usage={"total": milli})
    assert line.amount.fen == charged


def test_days_of_a_part_of_a_month_are_thirtieths():
    part = Interval(date(2025, 4, 1), date(2025, 4, 11))
    line = demand(ACTUAL, 300, period=part)
    assert (line.amount.fen, line.because.arithmetic) == (420000, "42 × 300 × 10 ÷ 30")
    line = demand(
        f"{ACTUAL}, {DISCOUNT}", 300, period=part, capacity_kva=100, usage=kwh(total=26000)
    )
    assert line.because.arithmetic == "42 × 300 × 0.9 × 10 ÷ 30"


@pytest.mark.parametrize("month", [2, 3])
def test_a_month_is_a_month_however_long(month):
    whole = Interval(date(2025, month, 1), date(2025, month + 1, 1))
    assert demand(ACTUAL, 1, period=whole).amount.fen == 4200


def test_only_for_its_categories():
    limited = f"{ACTUAL}, categories: [LARGE]"
    assert fen(rate(limited, period=APRIL, category="SMALL")) == []


def test_what_is_unknown_is_refused():
    with pytest.raises(FactMissing):
        demand(ACTUAL)
    with pytest.raises(FactMissing):
        demand(ACTUAL, -1)
    with pytest.raises(FactMissing):
        demand(CONTRACT, 1)
    with pytest.raises(FactMissing):
        demand(f"{ACTUAL}, {DISCOUNT}", 700)
    with pytest.raises(UsageMissing):
        demand(f"{ACTUAL}, {DISCOUNT}", 700, capacity_kva=1)
    with pytest.raises(PeriodNotMonthly):
        demand(ACTUAL, 1, period=Interval(date(2025, 4, 1), date(2025, 6, 1)))


@pytest.mark.parametrize(
    "wrong",
    ["kind: demand, price: 1, by: CONTRACT", f"{ACTUAL}, tolerance_percent: 105"],
)
def test_a_tolerance_belongs_to_a_contract(wrong):
    with pytest.raises(PlanDocumentInvalid, match="tolerance_percent"):
        plan(wrong)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_more_demand_never_costs_less(one, other):
    least, most = sorted((one, other))
    cheap, dear = (demand(CONTRACT, kw, contract_kw=1000).amount for kw in (least, most))
    assert cheap <= dear


def test_the_examples_of_the_page_read():
    assert [made.components[0].kind for made in examples("demand")] == ["demand", "demand"]
