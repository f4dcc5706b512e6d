"""Tiers of large households, electric heating and part years, figures worked by hand."""

from datetime import date
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.errors import PlanDocumentInvalid
from metercash.rating.facts import RatingFacts
from tests.unit.rating.helpers import fen, plan, rate


YEAR = Interval(date(2025, 1, 1), date(2026, 1, 1))
ZHEJIANG = (
    "kind: tiered, cycle: YEAR, bounds: [2760, 4800], base: 0.538, prices: [0.05, 0.30],"
    " household: {from_persons: 5, per_month: 100},"
    " flat: {from_persons: 7, price: 0.558}"
)
SHANDONG = ZHEJIANG.replace("per_month: 100", "per_month: 100, tiers: FIRST")
PLANS = (plan(ZHEJIANG), plan(SHANDONG))
FLAT = frozenset({"FLAT_RATE_CHOSEN"})


def ladder(text, used, **facts):
    return fen(rate(text, period=YEAR, usage={"total": used * 1000}, **facts))


class TestHouseholdFromAMonthOn:
    FACTS: ClassVar = {"household_size": 5, "household_months": 11}

    def test_grows_by_the_months_left_and_earlier_surcharges_stay(self):
        facts = {"year_to_date_milli": 2_800_000, "before_household_milli": 2_800_000}
        assert ladder(ZHEJIANG, 2800) == [("energy.base", 150640), ("ladder.2", 200)]
        assert ladder(ZHEJIANG, 1200, **self.FACTS, **facts) == [
            ("energy.base", 64560), ("ladder.2", 500),
        ]  # fmt: skip

    def test_keeps_the_second_tier_as_wide_as_it_was_left(self):
        facts = {"year_to_date_milli": 2_800_000, "before_household_milli": 2_800_000}
        lines = ladder(ZHEJIANG, 1100 + 2000 + 10, **self.FACTS, **facts)
        assert lines[1:] == [("ladder.2", 10000), ("ladder.3", 300)]

    def test_of_the_first_tier_only_takes_from_the_second(self):
        facts = {"year_to_date_milli": 2_800_000, "before_household_milli": 2_800_000}
        lines = ladder(SHANDONG, 2010, **self.FACTS, **facts)
        assert lines[1:] == [("ladder.2", 4500), ("ladder.3", 300)]


class TestFlatRate:
    def test_is_for_those_who_may_and_do_choose_it(self):
        assert ladder(ZHEJIANG, 6000, household_size=7, evidence=FLAT) == [("energy.base", 334800)]
        assert len(ladder(ZHEJIANG, 6000, household_size=6, evidence=FLAT)) == 2
        assert len(ladder(ZHEJIANG, 6000, household_size=7)) == 2

    def test_is_refused_without_a_base(self):
        with pytest.raises(PlanDocumentInvalid, match="没有 base"):
            plan(ZHEJIANG.replace("base: 0.538, ", ""))


def test_electric_heating_homes_have_a_ladder_of_their_own():
    common = "kind: tiered, cycle: YEAR, base: 0.5469"
    homes = (
        f"{common}, bounds: [2520, 4800], prices: [0.05, 0.30], categories: [RESIDENTIAL]",
        f"{common}, bounds: [4800], prices: [0.05], categories: [ELECTRIC_HEATING]",
    )
    usage = {"total": 5_000_000}
    heated = rate(*homes, period=YEAR, usage=usage, category="ELECTRIC_HEATING")
    assert fen(heated) == [("energy.base", 273450), ("ladder.2", 1000)]
    other = rate(*homes, period=YEAR, usage=usage, category="RESIDENTIAL")
    assert fen(other)[1:] == [("ladder.2", 11400), ("ladder.3", 6000)]


def test_each_owner_has_the_bounds_of_his_months():
    old = ladder(ZHEJIANG, 1000, tier_months=4)
    new = ladder(ZHEJIANG, 2071, tier_months=9)
    assert old == [("energy.base", 53800), ("ladder.2", 400)]
    assert new == [("energy.base", 111420), ("ladder.2", 5)]


@given(persons=st.integers(0, 6), months=st.integers(0, 12), used=st.integers(0, 9000))
def test_an_allowance_never_costs(persons, months, used):
    facts = {"household_size": persons, "household_months": months}
    usage = {"total": used * 1000}
    for made in PLANS:
        without = engine.rate(plan=made, facts=RatingFacts(period=YEAR, usage=usage))
        allowed = engine.rate(plan=made, facts=RatingFacts(period=YEAR, usage=usage, **facts))
        assert allowed.total.fen <= without.total.fen
