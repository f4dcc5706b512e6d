"""Free units and changes within a reading or a year, figures worked by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.components.months import started_months
from metercash.rating.errors import (
    FactMissing,
    PlanDocumentInvalid,
    UsageInconsistent,
    UsageMissing,
)
from metercash.rating.facts import RatingFacts
from tests.unit.rating.helpers import fen, plan, rate


MONTH = Interval(date(2025, 1, 1), date(2025, 2, 1))
QUARTER = Interval(date(2025, 1, 1), date(2025, 4, 1))
YEAR = Interval(date(2025, 1, 1), date(2026, 1, 1))
POOR = frozenset({"LOW_INCOME"})
METERED = "kind: metered, price: 0.5283, unit: kWh, free: {per_month: 15, carry: true}"
REFUND = "kind: free_units_refund, price: 0.5653, per_month: 10, paid_every_months: 3"
HENAN = "kind: year_settlement, bounds: [2160, 3120], prices: [0.05, 0.30]"
HALF = (
    "kind: price_change, changes_on: 2025-02-01, share: HALF, old: 0.62,"
    " new: [0.62, 0.67, 0.92], bounds: [260, 600]"
)
DAYS = "kind: price_change, changes_on: 2025-01-11, old: 0.5283, new: [0.5383]"

PLANS = (plan(DAYS), plan(HALF))


def kwh(number):
    return {"total": number * 1000}


class TestFreeUnits:
    @pytest.mark.parametrize(("used", "charged"), [(12, 0), (15, 0), (100, 4491)])
    def test_come_off_the_usage(self, used, charged):
        rated = rate(METERED, period=MONTH, usage=kwh(used), evidence=POOR)
        assert fen(rated) == [("energy.base", charged)]

    def test_are_for_those_who_hold_the_proof(self):
        assert rate(METERED, period=MONTH, usage=kwh(12)).total.fen == 634

    @pytest.mark.parametrize(("carry", "left"), [("true", 8000), ("false", 0)])
    def test_lapse_unless_carried(self, carry, left):
        [component] = plan(METERED.replace("true", carry)).components
        facts = RatingFacts(period=MONTH, usage=kwh(12), evidence=POOR, free_left_milli=5000)
        assert component.free.left_milli(facts, "kWh") == left

    def test_left_over_ones_serve_a_later_month(self):
        rated = rate(METERED, period=MONTH, usage=kwh(20), evidence=POOR, free_left_milli=3000)
        assert rated.total.fen == 106

    def test_come_off_the_base_while_the_ladder_counts_them(self):
        ladder = (
            "kind: tiered, cycle: YEAR, bounds: [2760, 4800], base: 0.5283, prices: [0.05, 0.30],"
            " free: {per_month: 15}"
        )
        rated = rate(ladder, period=YEAR, usage=kwh(2800), evidence=POOR)
        assert fen(rated) == [("energy.base", 138415), ("ladder.2", 200)]

    def test_come_off_the_first_tier_of_split_prices(self):
        ladder = (
            "kind: tiered, cycle: MONTH, style: SPLIT, bounds: [200], prices: [0.62, 0.67],"
            " free: {per_month: 15}"
        )
        rated = rate(ladder, period=MONTH, usage=kwh(210), evidence=POOR)
        assert fen(rated) == [("tier.1", 11470), ("tier.2", 670)]


class TestFreeUnitsRefund:
    def test_is_rounded_once_for_each_payment(self):
        assert fen(rate(REFUND, period=QUARTER, evidence=POOR)) == [("refund.free_kwh", -1696)]
        monthly = REFUND.replace("months: 3", "months: 1")
        assert rate(monthly, period=QUARTER, evidence=POOR).total.fen == 3 * -565

    def test_of_a_year_and_of_a_started_quarter(self):
        yearly = "kind: free_units_refund, price: 0.5469, per_month: 15"
        assert rate(yearly, period=YEAR, evidence=POOR).total.fen == -9844
        four = Interval(date(2025, 1, 1), date(2025, 5, 1))
        assert [f for _, f in fen(rate(REFUND, period=four, evidence=POOR))] == [-1696, -565]

    def test_may_be_capped_by_usage(self):
        capped = REFUND + ", capped_by_usage: true"
        assert rate(capped, period=QUARTER, usage=kwh(20), evidence=POOR).total.fen == -1131
        assert fen(rate(capped, period=QUARTER, usage=kwh(0), evidence=POOR)) == []
        with pytest.raises(UsageMissing):
            rate(capped, period=QUARTER, evidence=POOR)

    def test_needs_the_proof(self):
        assert fen(rate(REFUND, period=QUARTER)) == []


class TestYearSettlement:
    @pytest.mark.parametrize(
        ("settles", "used", "charged", "expected"),
        [
            ("RETURN", 2000, 6400, [("ladder.year_refund", -6400)]),
            ("RETURN", 2200, 6400, [("ladder.year_refund", -6200)]),
            ("RETURN", 3000, 100, []),
            ("TOP_UP", 3000, 100, [("ladder.year_topup", 4100)]),
            ("TOP_UP", 2000, 6400, []),
            ("BOTH", 2000, 6400, [("ladder.year_refund", -6400)]),
            ("BOTH", 3220, 0, [("ladder.year_topup", 7800)]),
            ("BOTH", 2000, 0, []),
        ],
    )
    def test_settles_the_difference(self, settles, used, charged, expected):
        rule = f"{HENAN}, settles: {settles}"
        rated = rate(rule, period=YEAR, usage=kwh(used), ladder_charged_fen=charged)
        assert fen(rated) == expected

    def test_has_bounds_for_the_months_served(self):
        rated = rate(HENAN, period=YEAR, usage=kwh(1100), tier_months=6, ladder_charged_fen=500)
        assert rated.total.fen == -400

    def test_refuses_to_guess_what_was_charged(self):
        with pytest.raises(FactMissing, match="各月已收加价"):
            rate(HENAN, period=YEAR, usage=kwh(1))

    def test_has_a_price_for_each_tier(self):
        with pytest.raises(PlanDocumentInvalid, match="prices 应有 2 个价格"):
            plan("kind: year_settlement, bounds: [2160, 3120], prices: [0.05]")


class TestPriceChange:
    def test_shares_whole_units_by_days(self):
        assert fen(rate(DAYS, period=MONTH, usage=kwh(100))) == [
            ("energy.old", 1691), ("energy.new", 3660),
        ]  # fmt: skip

    def test_prefers_the_frozen_reading(self):
        rated = rate(DAYS, period=MONTH, usage=kwh(100), before_change_milli=40_000)
        assert fen(rated) == [("energy.old", 2113), ("energy.new", 3230)]
        with pytest.raises(UsageInconsistent):
            rate(DAYS, period=MONTH, usage=kwh(100), before_change_milli=100_001)

    @pytest.mark.parametrize(("on", "code"), [("2025-01-01", "new"), ("2025-02-01", "old")])
    def test_outside_the_reading_parts_nothing(self, on, code):
        rated = rate(DAYS.replace("2025-01-11", on), period=MONTH, usage=kwh(100))
        assert [line for line, _ in fen(rated)] == [f"energy.{code}"]

    def test_halves_before_a_ladder(self):
        rated = rate(HALF, period=QUARTER, usage=kwh(900))
        assert fen(rated) == [("energy.old", 27900), ("tier.1", 16120), ("tier.2", 12730)]

    def test_has_a_price_for_each_tier(self):
        with pytest.raises(PlanDocumentInvalid, match="new 应有 1 个价格"):
            plan(DAYS.replace("[0.5383]", "[0.5383, 0.6]"))

    @given(usage=st.integers(0, 10**7))
    def test_loses_nothing(self, usage):
        for made in PLANS:
            rated = engine.rate(
                plan=made, facts=RatingFacts(period=QUARTER, usage={"total": usage})
            )
            assert sum(line.quantity for line in rated.lines) * 1000 == usage


def test_a_transition_stays_out_of_the_tier_year():
    facts = RatingFacts(period=MONTH, usage=kwh(120), year_to_date_milli=2_000_000)
    text = "kind: metered, price: 0.50, unit: kWh"
    [counted] = plan(text).components
    [apart] = plan(text + ", counts_in_ladder: false").components
    assert counted.year_to_date_after_milli(facts) == 2_120_000
    assert apart.year_to_date_after_milli(facts) == 2_000_000


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2024, 10, 18), date(2025, 1, 1), 3),
        (date(2024, 1, 1), date(2024, 4, 11), 4),
        (date(2024, 4, 11), date(2025, 1, 1), 9),
        (date(2024, 4, 11), date(2024, 4, 11), 0),
    ],
)
def test_a_started_month_is_one(start, end, months):
    assert started_months(start, end) == months
