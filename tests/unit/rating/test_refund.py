"""Too cold, or no heat at all: what is paid back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.errors import InvalidInput
from metercash.kernel.interval import Interval
from metercash.rating import document
from metercash.rating.errors import FactMissing, PlanDocumentInvalid, TermsMissing
from metercash.rating.terms.refund import (
    DayTemperature,
    MonthTemperatures,
    Outage,
    RefundFacts,
    refund,
)
from tests.unit.rating.helpers import HEAD


AREA = "  - {kind: area, price: 1}\n"
FIRST = date(2025, 1, 1)
HARBIN = "bands: [{at_least: 16, below: 20, percent: 50}, {below: 16, percent: 100}]"
TIANJIN = (
    "measure: BELOW_TARGET, target_celsius: 18, scope: ROOM, bands: [{at_most: 2, percent: 10},"
    " {above: 2, at_most: 6, percent: 50}, {above: 6, percent: 100}]"
)
BEIJING = (
    "measure: BELOW_TARGET, target_celsius: 18, scope: ROOM, bands: [{below: 2, percent: 40},"
    " {at_least: 2, below: 4, percent: 60}, {at_least: 4, percent: 100}]"
)
CHANGCHUN = (
    "by: MONTH_MEAN, bands: [{at_least: 16, below: 18, percent: 30},"
    " {at_least: 14, below: 16, percent: 60}, {below: 14, percent: 100}]"
)
XIAN = (
    "base_percent: 30, bands: [{at_least: 16, below: 18, percent: 20},"
    " {at_least: 14, below: 16, percent: 50}, {below: 14, percent: 100}]"
)
LUOYANG = (
    "after_hours: 48, bands: [{at_least: 14, below: 18, percent: 50}, {below: 14, percent: 100}]"
)


def versions(*texts):
    """The refund section of a document with these versions."""
    return document.parse(HEAD + AREA + f"refund: [{', '.join(texts)}]\n").refund


def by_temperature(rule):
    return versions(f"{{temperature: {{{rule}}}, clause: 第三十四条}}")


def days(*celsius, first=FIRST, **more):
    return tuple(
        DayTemperature(first + timedelta(days=n), Decimal(one), **more)
        for n, one in enumerate(celsius)
    )


def refunded(made, fee="3065.60", season_days=183, **facts):
    said = RefundFacts(fee_yuan=Decimal(fee), season_days=season_days, **facts)
    return refund(versions=made, facts=said, citation="测试文号")


def fen(lines):
    return [(line.code, line.amount.fen) for line in lines]


RULES = [
    version
    for rule in (HARBIN, TIANJIN, BEIJING, XIAN, CHANGCHUN, LUOYANG)
    for version in by_temperature(rule)
]
BY_DAY = [by_temperature(HARBIN), by_temperature(XIAN)]


class TestBands:
    @pytest.mark.parametrize(
        ("rule", "celsius", "percent"),
        [
            (HARBIN, "20.0", 0),
            (HARBIN, "19.9", 50),
            (HARBIN, "16.0", 50),
            (HARBIN, "15.9", 100),
            (TIANJIN, "18.0", 0),
            (TIANJIN, "17.9", 10),
            (TIANJIN, "16.0", 10),
            (TIANJIN, "15.9", 50),
            (TIANJIN, "12.0", 50),
            (TIANJIN, "11.9", 100),
            (BEIJING, "16.1", 40),
            (BEIJING, "16.0", 60),
            (BEIJING, "14.0", 100),
            (BEIJING, "18.0", 0),
        ],
    )
    def test_take_their_bounds_on_the_side_written(self, rule, celsius, percent):
        [version] = by_temperature(rule)
        assert version.temperature.percent(Decimal(celsius)) == percent

    @pytest.mark.parametrize(
        ("rule", "reason"),
        [
            ("bands: [{below: 16, percent: 100}, {above: 16, below: 18, percent: 50}]", "首尾相接"),
            ("bands: [{below: 16, percent: 100}, {at_least: 15, below: 18, percent: 5}]", "相接"),
            ("bands: [{at_least: 14, below: 16, percent: 100}]", "最冷的一档"),
            ("bands: [{percent: 100}]", "最暖的一档"),
            ("bands: [{at_least: 16, above: 16, percent: 1}]", "各只能写一个"),
            ("bands: [{below: 16, at_most: 16, percent: 1}]", "各只能写一个"),
            ("bands: [{at_least: 16, below: 16, percent: 1}]", "下限应低于上限"),
            ("bands: []", "至少要有 1 项"),
            ("target_celsius: 18, bands: [{below: 16, percent: 1}]", "只在 measure"),
            ("measure: BELOW_TARGET, bands: [{above: 1, percent: 1}]", "只在 measure"),
            (
                "measure: BELOW_TARGET, target_celsius: 18, bands: [{at_most: 2, percent: 1}]",
                "最冷的一档",
            ),
            ("by: MONTH_MEAN, scope: ROOM, bands: [{below: 16, percent: 1}]", "不能按房间"),
            ("by: MONTH_MEAN, after_hours: 2, bands: [{below: 16, percent: 1}]", "不能按房间"),
        ],
    )
    def test_are_refused_when_they_leave_doubt(self, rule, reason):
        with pytest.raises(PlanDocumentInvalid) as caught:
            by_temperature(rule)
        assert reason in str(caught.value.problems[0])

    @given(st.decimals(-60, 60, places=1), st.decimals(0, 20, places=1))
    def test_colder_never_gives_less(self, celsius, colder_by):
        for rule in RULES:
            percent = rule.temperature.percent
            assert percent(celsius - colder_by) >= percent(celsius)


class TestRefund:
    def test_makes_one_line_for_each_share_from_an_unrounded_day(self):
        made = by_temperature(HARBIN)
        lines = refunded(made, days=days("19.5", "15.9", "16.0", "15", "19.9", "20"))
        # 3065.60 ÷ 183 × 3 × 50 % and × 2 × 100 %: day by day it would be a fen more.
        assert fen(lines) == [("refund.temperature", 2513), ("refund.temperature", 3350)]
        because = lines[0].because
        assert (because.clause, because.citation) == ("第三十四条", "测试文号")
        assert because.arithmetic == "3065.6 × 100% × 50% × 3 ÷ 183"
        assert because.inputs["不达标天数"] == "3"

    def test_leaves_the_basic_part(self):
        lines = refunded(by_temperature(XIAN), "2320", 121, days=days(*["13.5"] * 10))
        assert fen(lines) == [("refund.temperature", 13_421)]

    def test_counts_the_area_of_the_cold_room(self):
        room = {"room": "卧室", "room_area_milli": 15_200}
        given_days = days(*["16.0"] * 5, **room) + days("17", room="客厅", room_area_milli=20_000)
        lines = refunded(by_temperature(BEIJING), "2148", 121, area_milli=89_500, days=given_days)
        # 24 ÷ 121 × 20 × 40 % and × 15.2 × 5 × 60 %
        assert fen(lines) == [("refund.room", 159), ("refund.room", 904)]
        assert lines[1].quantity == Decimal(76)
        assert lines[1].because.arithmetic == "2148 × 100% × 60% × 76 ÷ 121 ÷ 89.5"

    def test_takes_the_mean_of_the_months_readings(self):
        month = Interval(date(2025, 1, 1), date(2025, 2, 1))
        made = by_temperature(CHANGCHUN)
        read = MonthTemperatures(month, (Decimal("17.2"), Decimal("16.8"), Decimal("17.0")))
        assert fen(refunded(made, "2706.75", 169, months=(read,))) == [("refund.month", 14_895)]
        exact = MonthTemperatures(month, (Decimal("15.9"), Decimal("16.0"), Decimal("16.1")))
        assert refunded(made, "2706.75", 169, months=(exact,))[0].kind.price == Decimal("0.3")

    def test_waits_until_the_cold_has_lasted(self):
        made = by_temperature(LUOYANG)
        assert refunded(made, days=days("13", hours=47)) == ()
        assert fen(refunded(made, days=days("13", hours=48))) == [("refund.temperature", 1675)]

    def test_goes_by_the_version_of_the_day(self):
        before = (
            "{temperature: {bands: [{at_least: 16, below: 18, percent: 30},"
            " {at_least: 14, below: 16, percent: 50}, {below: 14, percent: 100}]}}"
        )
        after = f"{{effective_from: 2021-10-29, citation: 修正案, temperature: {{{HARBIN}}}}}"
        made = versions(before, after)
        lines = refunded(made, days=days("17.5", "17.5", "17.5", first=date(2021, 10, 27)))
        # Two days at 30 %, and the day of the amendment at 50 %.
        assert fen(lines) == [("refund.temperature", 1005), ("refund.temperature", 838)]
        assert [line.because.citation for line in lines] == ["测试文号", "修正案"]

    def test_of_an_outage_goes_by_hours_and_times_over(self):
        made = versions("{outage: {min_hours: 48, multiplier: 2}}")
        outages = (Outage(FIRST, 72, 3), Outage(FIRST, 47, 1))
        assert fen(refunded(made, "2706.75", 169, outages=outages)) == [("refund.outage", 9610)]
        assert refunded(made, outages=outages[1:]) == ()

    def test_of_days_without_heat(self):
        made = versions("{outage: {code: refund.unheated, label_zh: 未供热退费}}")
        lines = refunded(made, "2148", 121, outages=(Outage(FIRST, 72, 3),))
        assert fen(lines) == [("refund.unheated", 5326)]
        assert lines[0].because.arithmetic == "2148 × 100% × 3 × 1 ÷ 121"

    @given(
        st.lists(st.decimals(-20, 30, places=1), max_size=60),
        st.sampled_from(BY_DAY),
        st.integers(1, 10**7),
    )
    def test_never_pays_back_more_than_the_days_cost(self, celsius, rule, fee_fen):
        fee = Decimal(fee_fen).scaleb(-2)
        lines = refunded(rule, fee, 121, days=days(*celsius))
        for line in lines:
            assert line.because.exact <= fee * line.quantity / 121
        assert sum(line.quantity for line in lines) <= len(celsius)


class TestRefuses:
    @pytest.mark.parametrize(
        ("rule", "facts"),
        [
            (BEIJING, {"days": days("16"), "area_milli": 89_500}),
            (BEIJING, {"days": days("16", room_area_milli=-1), "area_milli": 89_500}),
            (BEIJING, {"days": days("16", room_area_milli=15_000)}),
            (BEIJING, {"days": days("16", room_area_milli=15_000), "area_milli": -1}),
            (LUOYANG, {"days": days("16")}),
            (CHANGCHUN, {"days": days("16")}),
            (HARBIN, {"months": (MonthTemperatures(Interval(FIRST, date(2025, 2, 1)), ()),)}),
            (CHANGCHUN, {"months": (MonthTemperatures(Interval(FIRST, date(2025, 2, 1)), ()),)}),
            (HARBIN, {"season_days": 0}),
            (HARBIN, {"fee": "0"}),
        ],
    )
    def test_what_is_missing(self, rule, facts):
        with pytest.raises(FactMissing):
            refunded(by_temperature(rule), **facts)

    def test_a_day_told_twice(self):
        with pytest.raises(InvalidInput, match="不止一条") as caught:
            refunded(by_temperature(HARBIN), days=days("16") + days("15"))
        assert "2025-01-01" in caught.value.chinese

    def test_a_day_no_version_speaks_of(self):
        later = versions(f"{{effective_from: 2025-01-02, temperature: {{{HARBIN}}}}}")
        with pytest.raises(TermsMissing) as caught:
            refunded(later, days=days("16"))
        assert caught.value.chinese == "没有2025-01-01适用的退费规定。"
        with pytest.raises(TermsMissing):
            refunded(versions("{outage: {}}"), days=days("16"))
        with pytest.raises(TermsMissing):
            refunded(by_temperature(HARBIN), outages=(Outage(FIRST, 24, 1),))

    @pytest.mark.parametrize(
        ("texts", "reason"),
        [
            (["{clause: 第一条}"], "应写 temperature 或 outage"),
            (["{outage: {}}", "{outage: {}}"], "先后排列"),
            (["{outage: {}, effective_from: 2025-01-01}", "{outage: {}}"], "先后排列"),
        ],
    )
    def test_versions_that_decide_nothing(self, texts, reason):
        with pytest.raises(PlanDocumentInvalid) as caught:
            versions(*texts)
        assert reason in str(caught.value)
