"""A price linked to a published cost: thresholds, caps, notice, and usage parted at the change."""

from datetime import date
from decimal import Decimal

import pytest

from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.components import Linked
from metercash.rating.errors import PlanDocumentInvalid, UsageInconsistent
from metercash.rating.facts import RatingFacts
from tests.unit.rating.commercial import examples, table
from tests.unit.rating.helpers import fen, plan, rate


MARCH = Interval(date(2025, 3, 1), date(2025, 4, 1))
BASE = "kind: linked, unit: kWh, price: 0.45, index: 500, coefficient: 0.001"
JUMP = "{published_on: 2025-03-01, value: 600, citation: 公布}"


def linked(more="", publications=JUMP, base=BASE):
    [component] = plan(f"{base}, publications: [{publications}]{more}").components
    assert isinstance(component, Linked)
    return component


def prices(more="", publications=JUMP):
    return [one.price for one in linked(more, publications).adjustments()]


class TestAdjustments:
    def test_follow_the_worked_table(self):
        [made] = list(examples("linked-price"))
        [component] = made.components
        found = [
            [str(one.publication.published_on), one.publication.value, one.change, one.brought,
             one.wanted, one.price, one.carried, str(one.effective_on)]
            for one in component.adjustments()
        ]  # fmt: skip
        expected = [
            [row[0], *(Decimal(cell.replace("−", "-")) for cell in row[1:-1]), row[-1]]
            for row in table("linked-price", "Worked example")
        ]
        assert found == expected

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            (", threshold: 20", ["0.55"]),
            (", threshold: 20.001", []),
            (", threshold: 100, threshold_per: INDEX", ["0.55"]),
            (", threshold: 101, threshold_per: INDEX", []),
            (", threshold: 40, threshold_per: INDEX, moves: EXCESS", ["0.51"]),
            (", pass_through_percent: 30", ["0.48"]),
            (", cap_each: {up: 10, down: 10, per: PERCENT}", ["0.495"]),
            (", cap_each: {up: 10, down: 10, per: PERCENT}, decimals: 2", ["0.49"]),
            (", cap_total: {up: 0.03, down: 0}", ["0.48"]),
        ],
    )
    def test_obey_threshold_share_and_caps(self, more, expected):
        assert prices(more) == [Decimal(price) for price in expected]

    def test_the_same_value_again_moves_nothing(self):
        again = JUMP + ", {published_on: 2025-04-01, value: 600, citation: 公布}"
        assert prices(publications=again) == [Decimal("0.55")]

    def test_a_fall_is_held_and_never_below_zero(self):
        fall = "{published_on: 2025-03-01, value: 20, citation: 公布}"
        assert prices(publications=fall) == [0]
        assert prices(", moves: EXCESS, threshold: 90", fall) == [Decimal("0.42")]
        [one] = linked(", cap_each: {up: 0, down: 0.1}", fall).adjustments()
        assert (one.price, one.carried) == (Decimal("0.35"), Decimal("-0.38"))

    def test_what_is_beyond_the_cap_may_be_dropped(self):
        cap = ", cap_each: {up: 0.06, down: 0.06}"
        more = JUMP + ", {published_on: 2025-04-01, value: 610, citation: 公布}"
        assert prices(cap, more) == [Decimal("0.51"), Decimal("0.56")]
        assert prices(cap + ", carries: false", more) == [Decimal("0.51"), Decimal("0.52")]

    def test_notice_decides_the_first_day(self):
        told = JUMP.replace("value", "noticed_on: 2025-03-05, value")
        later = told.replace("value", "effective_on: 2025-04-01, value")
        for publication, day in ((JUMP, 11), (told, 15)):
            [one] = linked(", notice_days: 10", publication).adjustments()
            assert one.effective_on == date(2025, 3, day)
        [one] = linked(", notice_days: 10", later).adjustments()
        assert one.effective_on == date(2025, 4, 1)


class TestRefusals:
    @pytest.mark.parametrize(
        ("more", "publications", "reason"),
        [
            (", notice_days: 10", JUMP.replace("value", "effective_on: 2025-03-10, value"),
             "最早自 2025-03-11 起执行"),
            ("", JUMP.replace("value", "noticed_on: 2025-02-28, value"), "不得早于公布日"),
            ("", f"{JUMP}, {JUMP}", "先后排列"),
            ("", JUMP.replace("value", "effective_on: 2025-05-01, value")
             + ", {published_on: 2025-04-01, value: 600, citation: 公布}", "后公布的应后执行"),
            (", decimals: 2", "", ""),
        ],
    )  # fmt: skip
    def test_say_what_was_expected(self, more, publications, reason):
        if not reason:
            with pytest.raises(PlanDocumentInvalid, match="小数多于 decimals"):
                linked(more, base=BASE.replace("0.45", "0.451"))
            return
        with pytest.raises(PlanDocumentInvalid, match=reason):
            linked(more, publications)


class TestRating:
    def test_before_the_notice_is_over_the_base_price_holds(self):
        more = f"{BASE}, notice_days: 31, publications: [{JUMP}]"
        rated = rate(more, period=MARCH, usage={"total": 100_000})
        assert fen(rated) == [("energy.base", 4500)]
        assert rated.lines[0].because.arithmetic == "0.45 × 100"

    def test_from_the_first_day_the_new_price_holds(self):
        rated = rate(f"{BASE}, publications: [{JUMP}]", period=MARCH, usage={"total": 100_000})
        assert fen(rated) == [("energy.base", 5500)]

    def test_the_line_tells_how_the_price_was_made(self):
        capped = "notice_days: 5, cap_each: {up: 0.06, down: 0.01}, clause: 第三条"
        april = Interval(date(2025, 4, 1), date(2025, 5, 1))
        rated = rate(
            f"{BASE}, {capped}, publications: [{JUMP}]", period=april, usage={"total": 100_000}
        )
        because = rated.lines[0].because
        assert because.inputs == {
            "基准价（元/kWh）": "0.45", "基准指数（元/吨）": "500", "公布指数（元/吨）": "600",
            "公布日": "2025-03-01", "通知日": "2025-03-01", "执行日": "2025-03-06",
            "计入的指数变动（元/吨）": "100", "上次结转（元/kWh）": "0", "应调（元/kWh）": "0.1",
            "不得低于（元/kWh）": "0.44", "不得高于（元/kWh）": "0.51",
            "结转下次（元/kWh）": "0.04", "执行价（元/kWh）": "0.51", "数量（kWh）": "100",
        }  # fmt: skip
        assert because.arithmetic == "0.51 × 100"
        assert because.citation == "测试文号、公布"

    @pytest.mark.parametrize(
        ("frozen", "parts"), [(None, [9_000, 21_500]), (12_300, [12_300, 18_200])]
    )
    def test_parts_the_usage_at_the_change(self, frozen, parts):
        rated = rate(
            f"{BASE}, notice_days: 9, publications: [{JUMP}]", period=MARCH,
            usage={"total": 30_500}, before_change_milli=frozen,
        )  # fmt: skip
        assert [line.quantity * 1000 for line in rated.lines] == parts

    def test_parts_heat_to_the_thousandth(self):
        rated = rate(
            f"{BASE.replace('kWh', 'GJ')}, notice_days: 9, publications: [{JUMP}]",
            period=MARCH, usage={"total": 10}, usage_unit="GJ",
        )  # fmt: skip
        assert [line.quantity * 1000 for line in rated.lines] == [3, 7]

    @pytest.mark.parametrize("frozen", [-1, 30_501])
    def test_refuses_a_frozen_reading_that_cannot_be(self, frozen):
        with pytest.raises(UsageInconsistent):
            rate(
                f"{BASE}, notice_days: 9, publications: [{JUMP}]", period=MARCH,
                usage={"total": 30_500}, before_change_milli=frozen,
            )  # fmt: skip

    def test_the_page_parts_march(self):
        [made] = list(examples("linked-price"))
        component = made.components[0]
        rated = engine.rate(plan=made, facts=RatingFacts(period=MARCH, usage={"total": 310_000}))
        assert [line.amount.fen for line in rated.lines] == [8884, 5851]
        assert component.changes_in(MARCH) == made.changes_in(MARCH) == (date(2025, 3, 20),)


class TestChangesIn:
    def test_joins_the_components_that_change(self):
        made = plan(
            f"{BASE}, notice_days: 9, publications: [{JUMP}]",
            "kind: price_change, changes_on: 2025-03-05, old: 1, new: [2]",
            "kind: surcharge, price: 1, unit: kWh",
        )
        assert made.changes_in(MARCH) == (date(2025, 3, 5), date(2025, 3, 10))
        assert made.changes_in(Interval(date(2025, 3, 10), date(2025, 3, 20))) == ()


class TestMeasures:
    DEMAND = "kind: demand, price: 42, by: ACTUAL"
    FACTOR = "kind: power_factor, standard: 0.90"

    def test_a_plan_tells_what_metering_must_find(self):
        simple = plan("kind: metered, price: 1, unit: kWh")
        assert not simple.measures_demand
        assert not simple.measures_reactive
        full = plan("kind: metered, price: 1, unit: kWh", self.DEMAND, self.FACTOR)
        assert full.measures_demand
        assert full.measures_reactive
