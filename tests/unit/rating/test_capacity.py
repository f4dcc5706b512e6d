"""The basic charge by capacity."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval
from metercash.rating.components.capacity import NEW_CONNECTION
from metercash.rating.errors import FactMissing, PeriodNotMonthly
from metercash.rating.facts_power import PowerFacts, Transformer
from tests.unit.rating.commercial import APRIL, examples, table
from tests.unit.rating.helpers import fen, rate


CAPACITY = "kind: capacity, price: 30, suspension_days_min: 15"
MAY = Interval(date(2025, 5, 1), date(2025, 6, 1))
FEBRUARY = Interval(date(2025, 2, 1), date(2025, 3, 1))


def days(first, last, month=4):
    """Days of a month, both included."""
    return Interval(
        date(2025, month, first), date.fromordinal(date(2025, month, last).toordinal() + 1)
    )


def transformer(kva, name="1", **more):
    return Transformer(name, kva * 1000, **more)


def capacity(*transformers, component=CAPACITY, period=APRIL, **facts):
    return rate(component, period=period, power=PowerFacts(transformers=transformers), **facts)


def test_the_table_of_the_page():
    rows = {row[0]: Decimal(row[-1]) for row in table("capacity", "Worked example")}
    suspended = transformer(1000, suspended=(days(11, 30),))
    made = {
        "all of the month": capacity(transformer(1000)),
        "suspended for 20 days": capacity(suspended),
        "suspended for 14 days": capacity(transformer(1000, suspended=(days(17, 30),))),
        "interlocked 500 and 630, another of 200": capacity(
            transformer(500, interlock="A"), transformer(630, "2", interlock="A"),
            transformer(200, "3"),
        ),
        "315 for 18 days, then 400": capacity(
            transformer(315, in_service=days(1, 18)), transformer(400, "2", in_service=days(19, 30))
        ),
    }  # fmt: skip
    assert {name: rated.total.yuan for name, rated in made.items()} == rows


def test_a_line_for_each_where_wanted():
    rated = capacity(
        transformer(315, "old", in_service=days(1, 18)),
        transformer(400, "new", in_service=days(19, 30)),
        component="kind: capacity, price: 10, lines: EACH",
    )
    assert fen(rated) == [("capacity.old", 189000), ("capacity.new", 160000)]
    assert rated.lines[0].because.arithmetic == "10 × (315 × 18) ÷ 30"


def test_says_what_is_charged():
    [line] = capacity(transformer(1000), transformer(630, "2")).lines
    assert line.because.arithmetic == "30 × (1000 + 630)"
    assert line.quantity == 1630
    [line] = capacity(transformer(1000, suspended=(days(11, 30),)), transformer(630, "2")).lines
    assert line.because.arithmetic == "30 × (1000 × 10 + 630 × 30) ÷ 30"
    assert line.quantity == Decimal("963.333")


@pytest.mark.parametrize(("evidence", "charged"), [(NEW_CONNECTION, 1945000), ("", 1445000)])
def test_new_connections_may_pay_a_share_of_suspended_capacity(evidence, charged):
    rated = capacity(
        transformer(1000, suspended=(days(11, 30),)), transformer(630, "2"),
        component="kind: capacity, price: 15, suspended_percent_new: 50",
        evidence=frozenset({evidence}),
    )  # fmt: skip
    assert rated.total.fen == charged


def test_a_suspension_counts_by_all_its_days_also_of_other_months():
    long = Interval(date(2025, 4, 21), date(2025, 5, 21))
    assert capacity(transformer(300, suspended=(long,))).total.fen == 600000


@pytest.mark.parametrize("period", [MAY, FEBRUARY, APRIL])
def test_a_month_is_thirty_thirtieths_however_long(period):
    assert capacity(transformer(100), period=period).total.fen == 300000


@pytest.mark.parametrize(("period", "month"), [(MAY, 5), (FEBRUARY, 2)])
def test_days_used_count_and_the_rest_of_thirty_is_suspended(period, month):
    stopped = Interval(date(2025, month, 11), period.end)
    rated = capacity(
        transformer(100, suspended=(stopped,)),
        component="kind: capacity, price: 30, suspended_percent: 50",
        period=period,
    )
    assert rated.total.fen == 300000 * 20 // 30


@pytest.mark.parametrize(("period", "month"), [(MAY, 5), (FEBRUARY, 2)])
def test_interlocked_ones_together_are_no_more_and_no_less_than_a_month(period, month):
    first = Interval(period.start, date(2025, month, 13))
    second = Interval(date(2025, month, 13), period.end)
    rated = capacity(
        transformer(100, interlock="A", in_service=first),
        transformer(100, "2", interlock="A", in_service=second),
        period=period,
    )
    assert rated.total.fen == 300000


def test_one_that_was_never_connected_is_not_charged():
    early = Interval(date(2025, 1, 1), date(2025, 2, 1))
    rated = capacity(transformer(100), transformer(200, "2", in_service=early))
    assert rated.total.fen == 300000


def test_part_of_a_month_is_charged_by_its_days():
    assert capacity(transformer(100), period=days(1, 10)).total.fen == 100000


def test_none_connected_all_period_costs_nothing_and_says_so():
    later = Interval(date(2025, 6, 1), date(2025, 7, 1))
    [line] = capacity(transformer(1000, in_service=later)).lines
    assert (line.quantity, line.amount.fen, line.because.arithmetic) == (0, 0, "30 × 0")


def test_what_is_unknown_is_refused():
    for unknown in ([], [transformer(0)], [transformer(1), transformer(2)]):
        with pytest.raises(FactMissing):
            capacity(*unknown)
    with pytest.raises(PeriodNotMonthly):
        capacity(transformer(1), period=Interval(date(2025, 4, 1), date(2025, 6, 1)))


@given(st.integers(1, 30), st.integers(0, 29))
def test_a_suspension_never_costs_more(first, length):
    last = min(30, first + length)
    rated = capacity(transformer(100, suspended=(days(first, last),)))
    assert 0 <= rated.total.fen <= 300000
    assert (rated.total.fen == 300000) == (last - first + 1 < 15)


def test_the_examples_of_the_page_read():
    assert [made.components[0].kind for made in examples("capacity")] == ["capacity"]
