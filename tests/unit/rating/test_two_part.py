"""Two-part heat and its settlement policies, figures worked by hand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.errors import PlanDocumentInvalid, TermsMissing
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import HeatFacts, Supply
from metercash.rating.rounding import to_fen
from tests.unit.rating.helpers import HEAD, SEASON, fen, plan, rate


BEIJING = "kind: two_part, basic: 18, metered: 0.16, unit: kWh, area_price: 30"
JINAN = (
    "kind: two_part, basic: 8.01, metered: 0.20, unit: kWh, area_price: 26.7,"
    " settlement: CAPPED_OVER_AREA, cap_percent: 10"
)
HARBIN = (
    "kind: two_part, basic: 15.33, metered: 42.55, unit: GJ, area_price: 38.32,"
    " settlement: NEVER_ABOVE_AREA_FEE"
)


def test_settled_both_ways_after_the_prepaid_season():
    rated = rate(BEIJING, area_milli=90_000, usage={"total": 9_000_000}, prepaid_fen=270000)
    assert fen(rated) == [
        ("heat.basic", 162000), ("heat.metered", 144000), ("heat.prepaid", -270000),
    ]  # fmt: skip
    assert rated.total.fen == 36000


@pytest.mark.parametrize(("kwh", "total"), [(9000, 248373), (10000, 250702), (6000, 188373)])
def test_the_ceiling_over_the_area_fee(kwh, total):
    assert rate(JINAN, area_milli=85_360, usage={"total": kwh * 1000}).total.fen == total


def test_never_above_the_area_fee():
    rated = rate(HARBIN, area_milli=80_000, usage={"total": 60_000}, usage_unit="GJ")
    assert fen(rated) == [("heat.basic", 122640), ("heat.metered", 255300), ("heat.cap", -71380)]
    assert rated.total.fen == 306560


def test_a_faulty_meter_pays_by_area():
    rated = rate(BEIJING, area_milli=90_000, evidence=frozenset({"METER_FAULTY"}))
    assert fen(rated) == [("heat.area", 270000)]


def test_the_measured_heat_is_corrected_by_the_yearly_factor():
    tianjin = (
        "kind: two_part, basic: 7.5, metered: 0.13, unit: kWh, area_price: 25, heat_factor: 1.05"
    )
    rated = rate(tianjin, area_milli=100_000, usage={"total": 10_000_000})
    assert fen(rated) == [("heat.basic", 75000), ("heat.metered", 136500)]
    assert rated.lines[1].because.arithmetic == "0.13 × 10000 × 1.05"


def test_the_basic_charge_by_day():
    luoyang = (
        "kind: two_part, basic: 0.054, basic_per: DAY, factor: 0.90, metered: 0.142, unit: kWh,"
        " area_price: 0.18"
    )
    rated = rate(luoyang, area_milli=100_000, usage={"total": 8_000_000})
    assert fen(rated) == [("heat.basic", 58806), ("heat.metered", 113600)]


def test_the_basic_charge_by_month():
    xian = (
        "kind: two_part, basic: 1.74, basic_per: MONTH, months: 4, metered: 0.112, unit: kWh,"
        " area_price: 5.8, settlement: NEVER_ABOVE_AREA_FEE"
    )
    rated = rate(xian, area_milli=100_000, usage={"total": 20_000_000})
    assert fen(rated) == [("heat.basic", 69600), ("heat.metered", 224000), ("heat.cap", -61600)]
    assert rated.lines[0].because.arithmetic == "1.74 × 100 × 4"


class TestLateStart:
    HEAT = HeatFacts(supply=Supply.FIRST_CONNECTION, heated_from=date(2026, 1, 25))

    def test_has_a_basic_charge_and_a_ceiling_by_days(self):
        rule = HARBIN.replace("38.32", "36.3").replace("15.33", "12.1")
        rule += ", late_by_days: [FIRST_CONNECTION]"
        facts = {"area_milli": 80_000, "usage": {"total": 60_000}, "usage_unit": "GJ"}
        assert fen(rate(rule, heat=self.HEAT, **facts)) == [
            ("heat.basic", 40000), ("heat.metered", 255300), ("heat.cap", -175300),
        ]  # fmt: skip
        assert rate(rule, **facts).total.fen == 290400

    @pytest.mark.parametrize(("late", "basic"), [("[FIRST_CONNECTION]", 50000), ("[]", 121000)])
    def test_has_days_of_its_own(self, late, basic):
        rule = (
            "kind: two_part, basic: 0.1, basic_per: DAY, metered: 1, unit: kWh,"
            f" late_by_days: {late}"
        )
        rated = rate(rule, area_milli=100_000, usage={"total": 0}, heat=self.HEAT)
        assert rated.lines[0].amount.fen == basic


class TestCarriedToTheNextSeason:
    RULE = (
        "kind: two_part, basic: 7.5, metered: 0.13, unit: kWh, area_price: 25,"
        " settlement: CARRIED_TO_NEXT_SEASON, heat_factors: {2024: 1, 2025: 1.05}"
    )

    def test_nothing_is_left_to_settle(self):
        rated = rate(self.RULE, area_milli=100_000, usage={"total": 10_000_000}, prepaid_fen=250000)
        assert fen(rated) == [
            ("heat.basic", 75000), ("heat.metered", 136500), ("heat.prepaid", -250000),
            ("heat.carried_out", 38500),
        ]  # fmt: skip
        assert rated.total.fen == 0

    def test_the_season_after_begins_with_it(self):
        rated = rate(
            self.RULE, area_milli=100_000, usage={"total": 10_000_000}, prepaid_fen=211500,
            heat=HeatFacts(carried_fen=-38500),
        )  # fmt: skip
        assert fen(rated)[2:] == [
            ("heat.carried_in", -38500), ("heat.prepaid", -211500), ("heat.carried_out", 38500),
        ]  # fmt: skip

    def test_an_even_season_carries_nothing(self):
        facts = {"area_milli": 100_000, "usage": {"total": 10_000_000}}
        rated = rate(self.RULE, prepaid_fen=211500, **facts)
        assert [line.code for line in rated.lines] == ["heat.basic", "heat.metered", "heat.prepaid"]
        assert rate(self.RULE, **facts).total.fen == 211500

    def test_the_factor_is_that_of_the_year_the_season_began(self):
        january = Interval(date(2025, 1, 1), date(2025, 2, 1))
        facts = {"area_milli": 100_000, "usage": {"total": 10_000_000}}
        assert rate(self.RULE, period=january, **facts).lines[1].amount.fen == 130000
        later = Interval(date(2026, 11, 15), date(2027, 3, 16))
        with pytest.raises(TermsMissing, match="热量修正系数"):
            rate(self.RULE, period=later, **facts)

    def test_without_a_season_the_year_of_the_period_counts(self):
        head = HEAD.replace("season: {start: 11-15, until: 03-16}\n", "")
        january = Interval(date(2025, 1, 1), date(2025, 2, 1))
        facts = RatingFacts(period=january, area_milli=100_000, usage={"total": 10_000_000})
        rated = engine.rate(plan=plan(self.RULE, head=head), facts=facts)
        assert rated.lines[1].amount.fen == 136500


NO_YARDSTICK = "kind: two_part, basic: 9.30, metered: 0.217, unit: kWh"


def test_a_plain_price_is_needed_only_where_something_is_measured_by_it():
    facts = {"area_milli": 500_000, "usage": {"total": 45_000_000}}
    assert rate(NO_YARDSTICK, **facts).total.fen == 1441500
    with pytest.raises(TermsMissing, match="计量表故障时的面积热费"):
        rate(NO_YARDSTICK, evidence=frozenset({"METER_FAULTY"}), **facts)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("settlement: NEVER_ABOVE_AREA_FEE", "应写 area_price"),
        ("cap_percent: 10", "cap_percent 只用于"),
        ("heat_factor: 1.05, heat_factors: {2025: 1.05}", "只能写一个"),
    ],
)
def test_a_document_is_of_one_mind(rule, said):
    with pytest.raises(PlanDocumentInvalid, match=said):
        plan(f"{NO_YARDSTICK}, {rule}")


CEILED = plan(JINAN)


@given(area=st.integers(1, 10**6), heat=st.integers(0, 10**9))
def test_never_above_the_ceiling(area, heat):
    facts = RatingFacts(period=SEASON, area_milli=area, usage={"total": heat})
    total = engine.rate(plan=CEILED, facts=facts).total
    assert total <= to_fen(Decimal("29.37") * area / 1000)
