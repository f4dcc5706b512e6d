"""Laws that hold for every kind of rule, over documents and facts drawn at random."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metercash.kernel.interval import Interval, days
from metercash.rating import engine
from metercash.rating.bill import RatedBill
from metercash.rating.document import parse
from metercash.rating.errors import UnitMismatch
from metercash.rating.facts import RatingFacts
from tests.support import plans
from tests.unit.rating.helpers import plan, rate
from tests.unit.rating.spoken import AREA, BUILD_UP, ENERGY, LADDER, LINKED, TWO_PART


WHOLE_KWH = 1000
# More usage never costs less, but for these:
NOT_MONOTONE = {
    "power_factor": "more energy on the same reactive energy is a better power factor",
    "demand": "more energy of the same capacity may earn the lower price",
    "build_up": "a part of the price, such as a market gain, may be below zero",
    "losses": "it is drawn with parts of a price, one of them below zero",
    "time_of_use": "a zone may be given away below cost, at a price below zero",
    "tiered": "a period that crosses a tier leaves the prices by zone for the one of the tier",
    "year_settlement": "what was charged by month is given back, whatever the year costs",
    "free_units_refund": "what is paid back may be counted by usage",
    "subsidy": "free units may be worth more than the price of a unit",
}
METERED = sorted({"metered", "linked", "price_change", "two_part"} - NOT_MONOTONE.keys())
MILLI = st.integers(0, 10**7)


def fen(bill: RatedBill) -> list[tuple[str, int]]:
    """Codes of the lines with their fen."""
    return [(line.code, line.amount.fen) for line in bill.lines]


def scaled(usage: Mapping[str, int], more: int) -> dict[str, int]:
    """Usage with so many thousandths more at the peak, in a total that is its sum."""
    zones = {zone: milli for zone, milli in usage.items() if zone != "total"}
    zones["peak"] += more
    return {**zones, "total": sum(zones.values())}


class TestOrder:
    @pytest.mark.parametrize("kind", plans.KINDS)
    @settings(max_examples=25)
    @given(data=st.data())
    def test_of_zones_and_parts_does_not_matter(self, kind: str, data: st.DataObject) -> None:
        text, facts = data.draw(plans.case(kind))
        zones = data.draw(st.permutations(list(facts.usage.items())))
        parts = tuple(data.draw(st.permutations(facts.heat.parts)))
        told_otherwise = replace(
            facts, usage=dict(zones), heat=replace(facts.heat, parts=parts),
        )  # fmt: skip
        made = parse(text)
        assert fen(engine.rate(plan=made, facts=told_otherwise)) == fen(
            engine.rate(plan=made, facts=facts)
        )

    @given(st.permutations(["a", "b", "c"]), st.lists(MILLI, min_size=3, max_size=3))
    def test_of_components_that_do_not_see_each_other_moves_lines_only(
        self, names: list[str], used: list[int]
    ) -> None:
        rules = {
            name: f"kind: metered, price: 0.4{number}, unit: kWh, zone: {name}, code: energy.{name}"
            for number, name in enumerate("abc")
        }
        usage = dict(zip("abc", used, strict=True))
        told = rate(*(rules[name] for name in names), usage=usage)
        assert sorted(fen(told)) == fen(rate(*rules.values(), usage=usage))
        assert [line.code for line in told.lines] == [f"energy.{name}" for name in names]


class TestSum:
    @pytest.mark.parametrize("kind", plans.KINDS)
    @settings(max_examples=25)
    @given(data=st.data())
    def test_of_lines_is_the_total_and_each_is_rounded_once(
        self, kind: str, data: st.DataObject
    ) -> None:
        text, facts = data.draw(plans.case(kind))
        bill = engine.rate(plan=parse(text), facts=facts)
        assert bill.total.fen == sum(line.amount.fen for line in bill.lines)
        for line in bill.lines:
            limit = Decimal(1) if line.rounding == "LARGEST_REMAINDER_FEN" else Decimal("0.5")
            assert abs(line.amount.fen - line.exact * 100) <= limit

    @pytest.mark.parametrize(
        "rule",
        [
            AREA + ", per: DAY", AREA + ", proration: ACTUAL_DAYS",
            AREA + ", per: DAY, usable: true, usable_divisor: 0.75",
            TWO_PART + ", basic_per: DAY", ENERGY, BUILD_UP,
            "kind: surcharge, price: 0.0225, unit: kWh",
        ],
    )  # fmt: skip
    @given(st.integers(1, 300_000), MILLI, MILLI, st.integers(1, 120))
    def test_of_split_periods_is_the_whole_before_rounding(
        self, rule: str, area: int, first: int, second: int, cut: int
    ) -> None:
        season = Interval(date(2025, 11, 15), date(2026, 3, 16))
        middle = date.fromordinal(season.start.toordinal() + cut)
        made = plan(rule)

        def exact(start: date, end: date, used: int) -> Decimal:
            facts = RatingFacts(
                period=Interval(start, end), area_milli=area, usable_area_milli=area,
                usage={"total": used},
            )  # fmt: skip
            return sum((one.exact for one in engine.rate(plan=made, facts=facts).lines), Decimal())

        parts = exact(season.start, middle, first) + exact(middle, season.end, second)
        whole = exact(season.start, season.end, first + second)
        assert abs(parts - whole) < Decimal("1e-15")

    @given(MILLI, MILLI, MILLI)
    def test_of_split_ladders_is_the_whole_where_the_year_is_told(
        self, before: int, first: int, second: int
    ) -> None:
        ladder = plan(LADDER + ", base: 0.5, prices: [0.05, 0.3]")

        def exact(used: int, told: int) -> Decimal:
            period = Interval(date(2026, 1, 1), date(2026, 2, 1))
            facts = RatingFacts(period=period, usage={"total": used}, year_to_date_milli=told)
            return sum(
                (one.exact for one in engine.rate(plan=ladder, facts=facts).lines), Decimal()
            )

        parts = exact(first, before) + exact(second, before + first)
        assert parts == exact(first + second, before)

    @given(MILLI, st.integers(1, 400))
    def test_of_the_parts_of_a_linked_price_is_the_usage(self, used: int, length: int) -> None:
        start = date(2025, 12, 1)
        period = Interval(start, date.fromordinal(start.toordinal() + length))
        facts = RatingFacts(period=period, usage={"total": used})
        lines = engine.rate(plan=plan(LINKED), facts=facts).lines
        assert sum(line.quantity for line in lines) * 1000 == used
        assert len(lines) == 1 + len(plan(LINKED).changes_in(period))
        assert days(period) == length


class TestMoreUsage:
    def test_costs_no_less_but_for_the_listed(self) -> None:
        assert NOT_MONOTONE.keys() <= plans.KINDS.keys()
        assert set(METERED) <= plans.KINDS.keys()

    @pytest.mark.parametrize("kind", METERED)
    @settings(max_examples=40)
    @given(data=st.data(), more=st.integers(0, 3000))
    def test_never_costs_less(self, kind: str, data: st.DataObject, more: int) -> None:
        """A share by days is in whole kWh, so that usage is compared in whole kWh."""
        text, facts = data.draw(plans.case(kind))
        assume(facts.before_change_milli is None)
        usage = {zone: milli // WHOLE_KWH * WHOLE_KWH for zone, milli in facts.usage.items()}
        made = parse(text)
        totals = [
            engine.rate(plan=made, facts=replace(facts, usage=scaled(usage, extra))).total
            for extra in (0, more * WHOLE_KWH)
        ]
        assert totals[0] <= totals[1]


class TestUnits:
    @pytest.mark.parametrize(
        "rule",
        [
            ENERGY, BUILD_UP, LINKED, TWO_PART, LADDER + ", base: 0.5, prices: [0.05, 0.3]",
            LADDER + ", style: SPLIT, prices: [0.5, 0.55, 0.8]",
            "kind: surcharge, price: 0.0225, unit: kWh",
            "kind: time_of_use, zones: {peak: {price: 1}}",
            "kind: price_change, old: 1, new: [1], changes_on: 2026-01-01",
            "kind: year_settlement, bounds: [9], prices: [0.1]",
            "kind: free_units_refund, price: 1, per_month: 9, capped_by_usage: true",
        ],
    )  # fmt: skip
    def test_of_usage_and_price_are_never_mixed(self, rule: str) -> None:
        with pytest.raises(UnitMismatch) as caught:
            rate(
                rule, usage={"peak": 1000}, usage_unit="GJ", area_milli=1, ladder_charged_fen=0,
                evidence=frozenset({"LOW_INCOME"}),
            )  # fmt: skip
        assert caught.value.data == {"expected": "kWh", "actual": "GJ"}
