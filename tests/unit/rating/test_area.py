"""Area fee, parts of a home and late starts, figures worked by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.errors import FactMissing, PlanDocumentInvalid, TermsMissing
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import AreaPart, HeatFacts, Supply
from tests.unit.rating.helpers import HEAD, SEASON, fen, plan, rate


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


def test_a_component_acts_on_its_categories_only():
    component = "kind: area, price: 1, categories: [SHOP]"
    assert not rate(component, area_milli=1000, category="RESIDENTIAL").lines
    assert rate(component, area_milli=1000, category="SHOP").total.fen == 100


def test_without_a_season_the_days_of_the_period_count():
    head = HEAD.replace("season: {start: 11-15, until: 03-16}\n", "")
    facts = RatingFacts(period=Interval(date(2025, 6, 1), date(2025, 7, 1)), area_milli=1000)
    rated = engine.rate(plan=plan("kind: area, price: 2, per: DAY", head=head), facts=facts)
    assert rated.total.fen == 6000


def test_a_usable_price_is_the_chargeable_one_divided():
    beijing = "kind: area, price: 30, usable: true, usable_divisor: 0.75"
    rated = rate(beijing, usable_area_milli=75_000)
    assert fen(rated) == [("heat.area", 300000)]
    because = rated.lines[0].because
    assert because.arithmetic == "30 × 75 ÷ 0.75"
    assert because.inputs["使用面积与建筑面积之比"] == "0.75"


def test_a_divisor_is_for_usable_areas():
    with pytest.raises(PlanDocumentInvalid, match="usable: true"):
        plan("kind: area, price: 30, usable_divisor: 0.75")


class TestLateStart:
    FIRST = HeatFacts(supply=Supply.FIRST_CONNECTION, heated_from=date(2026, 1, 25))
    RESUMED = HeatFacts(supply=Supply.RESUMED, heated_from=date(2025, 12, 29))
    BY_DAYS = "kind: area, price: 24.20, late_by_days: [FIRST_CONNECTION]"

    @pytest.mark.parametrize(
        ("heat", "expected"),
        [(HeatFacts(), 242000), (RESUMED, 242000), (FIRST, 100000)],
    )
    def test_is_by_days_only_where_the_document_says_so(self, heat, expected):
        assert rate(self.BY_DAYS, area_milli=100_000, heat=heat).total.fen == expected

    def test_tells_its_days(self):
        rated = rate(self.BY_DAYS, area_milli=100_000, heat=self.FIRST)
        assert rated.lines[0].because.arithmetic == "24.2 × 100 × 50 ÷ 121"

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            ("price: 0.2, per: DAY, late_by_days: [RESUMED]", 154000),
            ("price: 0.2, per: DAY", 242000),
            ("price: 6.05, per: MONTH, months: 4, late_by_days: [RESUMED]", 154000),
            ("price: 24.2, proration: ACTUAL_DAYS", 154000),
        ],
    )
    def test_of_every_measure(self, rule, expected):
        assert rate(f"kind: area, {rule}", area_milli=100_000, heat=self.RESUMED).total.fen == (
            expected
        )

    @pytest.mark.parametrize(
        ("heated_from", "expected"),
        [(date(2025, 11, 15), 242000), (date(2025, 10, 1), 242000), (date(2026, 4, 1), 0)],
    )
    def test_before_or_after_the_season(self, heated_from, expected):
        heat = HeatFacts(supply=Supply.FIRST_CONNECTION, heated_from=heated_from)
        assert rate(self.BY_DAYS, area_milli=100_000, heat=heat).total.fen == expected

    def test_needs_its_day(self):
        with pytest.raises(FactMissing, match="开始供热日期"):
            rate(self.BY_DAYS, area_milli=1, heat=HeatFacts(supply=Supply.FIRST_CONNECTION))


PARTS = (
    "kind: area_parts, price: 22, clause: 第三条, parts: ["
    "{part: BALCONY_OPEN, factor: 0, code: heat.balcony_open, label_zh: 敞开阳台, label_en: Open},"
    "{part: BALCONY, factor: 0.5, code: heat.balcony, label_zh: 封闭阳台, label_en: Balcony},"
    "{part: STAIRWELL, factor: 0.3, code: heat.stairwell, label_zh: 楼梯间, label_en: Stairwell},"
    "{part: ATTIC, factor: 1, full_from_mm: 2200, low_factor: 0.5, code: heat.attic,"
    " low_code: heat.attic_low, label_zh: 阁楼, label_en: Attic, clause: 第四条}]"
)


class TestAreaParts:
    def parts(self, *parts, rule=PARTS, **facts):
        heat = HeatFacts(parts=tuple(AreaPart(*part) for part in parts))
        return rate(rule, heat=heat, **facts)

    def test_each_kind_has_its_factor(self):
        rated = self.parts(("STAIRWELL", 8000), ("BALCONY", 6000), ("BALCONY_OPEN", 4000))
        assert fen(rated) == [
            ("heat.balcony_open", 0), ("heat.balcony", 6600), ("heat.stairwell", 5280),
        ]  # fmt: skip
        assert rated.lines[1].because.arithmetic == "22 × 6 × 0.5"

    def test_low_areas_count_half(self):
        rated = self.parts(("ATTIC", 20_000, 2200), ("ATTIC", 14_000, 2199), ("ATTIC", 1000, 2400))
        assert fen(rated) == [("heat.attic", 46200), ("heat.attic_low", 15400)]
        assert [line.because.clause for line in rated.lines] == ["第四条", "第四条"]

    def test_have_lines_only_where_there_is_area(self):
        assert not self.parts().lines

    def test_follow_the_days_of_the_season(self):
        period = Interval(date(2025, 12, 1), date(2026, 1, 1))
        rule = PARTS.replace("price: 22", "price: 22, proration: ACTUAL_DAYS")
        rated = self.parts(("BALCONY", 6000), rule=rule, period=period)
        assert rated.lines[0].because.arithmetic == "22 × 6 × 0.5 × 31 ÷ 121"
        assert rated.total.fen == 1691

    @pytest.mark.parametrize(
        ("part", "error", "said"),
        [
            (("CELLAR", 1000), TermsMissing, "CELLAR 面积"),
            (("ATTIC", 1000), FactMissing, "阁楼层高"),
            (("BALCONY", 0), FactMissing, "BALCONY 面积"),
        ],
    )
    def test_what_is_unknown_is_refused(self, part, error, said):
        with pytest.raises(error, match=said):
            self.parts(part)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            (PARTS.replace("low_factor: 0.5, ", ""), "应一起写"),
            (PARTS.replace("BALCONY_OPEN", "BALCONY"), "只应写一次"),
        ],
    )
    def test_a_document_is_whole(self, wrong, said):
        with pytest.raises(PlanDocumentInvalid, match=said):
            plan(wrong)


BEFORE = plan("kind: area, price: 24, proration: ACTUAL_DAYS, code: heat.old")
AFTER = plan("kind: area, price: 26, proration: ACTUAL_DAYS, code: heat.new")


def test_a_price_that_changes_within_the_season_is_by_days():
    change = date(2025, 12, 31)
    lines = [
        line
        for made, period in (
            (BEFORE, Interval(SEASON.start, change)),
            (AFTER, Interval(change, SEASON.end)),
        )
        for line in engine.rate(
            plan=made, facts=RatingFacts(period=period, area_milli=90_000)
        ).lines
    ]
    assert [(line.code, line.amount.fen) for line in lines] == [
        ("heat.old", 82116), ("heat.new", 145041),
    ]  # fmt: skip


@given(days=st.integers(1, 120), area=st.integers(1, 10**6))
def test_a_season_in_two_parts_costs_what_it_costs_whole(days, area):
    change = date.fromordinal(SEASON.start.toordinal() + days)
    first, second, whole = (
        engine.rate(plan=BEFORE, facts=RatingFacts(period=period, area_milli=area)).total.fen
        for period in (Interval(SEASON.start, change), Interval(change, SEASON.end), SEASON)
    )
    assert abs(first + second - whole) <= 1
