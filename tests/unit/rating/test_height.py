"""Surcharges for tall rooms, figures worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.rating import engine
from metercash.rating.errors import PlanDocumentInvalid, PriceNegotiated
from metercash.rating.facts import RatingFacts
from tests.unit.rating.helpers import SEASON, fen, plan, rate


HEIGHT = "kind: height_surcharge, over_mm: 3200, step_mm: 100, percent_per_step: 3"


@pytest.mark.parametrize(
    ("rule", "height_mm", "percent_fen"),
    [
        (HEIGHT, 3700, 77940),
        (HEIGHT, 3799, 77940),
        (HEIGHT + ", partial_step: STARTED_STEPS", 3701, 93528),
        (HEIGHT + ", partial_step: STARTED_STEPS", 3700, 77940),
        (HEIGHT + ", partial_step: PROPORTIONAL", 3750, 85734),
        (HEIGHT + ", max_percent: 10", 6000, 51960),
    ],
)
def test_height_adds_its_share(rule, height_mm, percent_fen):
    rated = rate("kind: area, price: 43.30", rule, area_milli=120_000, height_mm=height_mm)
    assert fen(rated) == [("heat.area", 519600), ("heat.height", percent_fen)]


@pytest.mark.parametrize("height_mm", [0, 3200, 3299])
def test_no_whole_step_no_line(height_mm):
    rated = rate("kind: area, price: 1", HEIGHT, area_milli=1000, height_mm=height_mm)
    assert fen(rated) == [("heat.area", 100)]


def test_percent_at_or_below_the_limit_is_zero():
    assert plan(HEIGHT).components[0].percent(3200)[0] == 0


SHENYANG = (
    "kind: height_surcharge, over_mm: 3500, step_mm: 300, percent_per_step: 10,"
    " partial_step: STARTED_STEPS, negotiated_over_mm: 6000"
)
CHANGCHUN = (
    "kind: height_surcharge, over_mm: 3000, step_mm: 300, percent_per_step: 5, max_percent: 50"
)
XIAN = "kind: height_surcharge, over_mm: 3000, ratio_of_mm: 3000"
BEIJING = "kind: height_surcharge, over_mm: 4000, flat_percent: 100"
PROPORTIONAL = HEIGHT.replace("3200", "3000") + ", partial_step: PROPORTIONAL"
WAYS = (HEIGHT, SHENYANG, CHANGCHUN, XIAN, BEIJING, PROPORTIONAL)
PLANS = tuple(plan("kind: area, price: 30", way) for way in WAYS)


@pytest.mark.parametrize(
    ("rule", "height_mm", "expected"),
    [
        (SHENYANG, 3500, 0),
        (SHENYANG, 3501, 30000),
        (SHENYANG, 3800, 30000),
        (SHENYANG, 3801, 60000),
        (SHENYANG, 6000, 270000),
        (CHANGCHUN, 3299, 0),
        (CHANGCHUN, 6000, 150000),
        (CHANGCHUN, 9000, 150000),
        (XIAN, 3000, 0),
        (XIAN, 3600, 60000),
        (XIAN, 3100, 10000),
        (XIAN + ", max_percent: 15", 3600, 45000),
        (BEIJING, 4000, 0),
        (BEIJING, 4001, 300000),
        (PROPORTIONAL, 3050, 4500),
        (PROPORTIONAL.replace("100", "1"), 3002, 18000),
    ],
)
def test_every_way_of_a_surcharge(rule, height_mm, expected):
    rated = rate("kind: area, price: 30", rule, area_milli=100_000, height_mm=height_mm)
    assert rated.total.fen == 300000 + expected


def test_a_third_stays_exact():
    """0.105 × 1 ÷ 7 is 0.015, which rounds up; a rounded seventh would round down."""
    sevenths = "kind: height_surcharge, over_mm: 700, ratio_of_mm: 700"
    rated = rate("kind: area, price: 0.105", sevenths, area_milli=1000, height_mm=800)
    assert rated.lines[1].amount.fen == 2
    assert rated.lines[1].because.arithmetic == "0.105 × 100% × 100 ÷ 700"


def test_what_is_negotiated_is_refused():
    with pytest.raises(PriceNegotiated, match="层高超过 6000 mm"):
        rate("kind: area, price: 30", SHENYANG, area_milli=1000, height_mm=6001)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("over_mm: 3000", "应写且只写一个"),
        ("over_mm: 3000, flat_percent: 100, ratio_of_mm: 3000", "应写且只写一个"),
        ("over_mm: 3000, step_mm: 300", "应一起写"),
        ("over_mm: 2800, ratio_of_mm: 3000", "负数"),
    ],
)
def test_a_document_says_one_way(rule, said):
    with pytest.raises(PlanDocumentInvalid, match=said):
        plan(f"kind: height_surcharge, {rule}")


@given(st.sampled_from(PLANS), st.integers(1, 10**6), st.integers(0, 6000), st.integers(0, 3000))
def test_a_higher_room_never_costs_less(made, area, height, more):
    lower, higher = (
        engine.rate(
            plan=made, facts=RatingFacts(period=SEASON, area_milli=area, height_mm=mm)
        ).total.fen
        for mm in (height, min(6000, height + more))
    )
    assert lower <= higher
