"""Area fee and height surcharge, figures worked by hand."""

from datetime import date

import pytest

from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.errors import FactMissing
from metercash.rating.facts import RatingFacts
from tests.unit.rating.helpers import HEAD, fen, plan, rate


@pytest.mark.parametrize(
    ("component", "area_milli", "expected"),
    [
        ("kind: area, price: 38.32", 80_000, 306560),
        ("kind: area, price: 30", 89_530, 268590),
        ("kind: area, price: 26.7", 85_360, 227911),
        ("kind: area, price: 3.6, per: MONTH, months: 5", 88_400, 159120),
        ("kind: area, price: 22, factor: 0.90", 100_000, 198000),
        ("kind: area, price: 0.18, per: DAY, factor: 0.82", 110_000, 196456),
        ("kind: area, price: 16.25", 25_000, 40625),
    ],
)
def test_area_fees_to_the_fen(component, area_milli, expected):
    assert fen(rate(component, area_milli=area_milli)) == [("heat.area", expected)]


def test_part_of_a_season_is_prorated_by_days():
    period = Interval(date(2025, 12, 1), date(2026, 1, 1))
    rated = rate("kind: area, price: 30, proration: ACTUAL_DAYS", area_milli=100_000, period=period)
    assert fen(rated) == [("heat.area", 76860)]
    assert rated.lines[0].because.arithmetic == "30 × 100 × 31 ÷ 121"


def test_days_outside_the_season_cost_nothing():
    period = Interval(date(2025, 6, 1), date(2025, 7, 1))
    assert rate("kind: area, price: 1, per: DAY", area_milli=1000, period=period).total.fen == 0


@pytest.mark.parametrize("facts", [{}, {"area_milli": -1}, {"area_milli": 0}])
def test_an_unknown_area_is_refused(facts):
    with pytest.raises(FactMissing, match="收费面积"):
        rate("kind: area, price: 1", **facts)


def test_usable_area_is_never_guessed_from_the_chargeable_one():
    with pytest.raises(FactMissing, match="使用面积"):
        rate("kind: area, price: 40, usable: true", area_milli=75_000)
    rated = rate("kind: area, price: 40, usable: true", usable_area_milli=75_000)
    assert rated.total.fen == 300000


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
    assert plan(HEIGHT).components[0].percent(3200) == 0


def test_a_component_acts_on_its_categories_only():
    component = "kind: area, price: 1, categories: [SHOP]"
    assert not rate(component, area_milli=1000, category="RESIDENTIAL").lines
    assert rate(component, area_milli=1000, category="SHOP").total.fen == 100


def test_without_a_season_the_days_of_the_period_count():
    head = HEAD.replace("season: {start: 11-15, until: 03-16}\n", "")
    facts = RatingFacts(period=Interval(date(2025, 6, 1), date(2025, 7, 1)), area_milli=1000)
    rated = engine.rate(plan=plan("kind: area, price: 2, per: DAY", head=head), facts=facts)
    assert rated.total.fen == 6000
