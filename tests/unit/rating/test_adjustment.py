"""Discounts, subsidies and ceilings take off what they may and no more."""

from datetime import date

import pytest

from metercash.rating.errors import PlanDocumentInvalid
from metercash.rating.facts_heat import HeatFacts
from tests.unit.rating.helpers import fen, plan, rate


AREA = "kind: area, price: 20"
POOR = frozenset({"LOW_INCOME"})


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [({"EARLY"}, [-4000]), ({"EARLY", "IN_ARREARS"}, []), (set(), [])],
)
def test_a_discount_needs_its_proof(evidence, expected):
    discount = "kind: discount, percent: 2, evidence: EARLY, unless: [IN_ARREARS], on: [heat.]"
    rated = rate(AREA, discount, area_milli=100_000, evidence=frozenset(evidence))
    assert [amount for _, amount in fen(rated)][1:] == expected


def test_a_discount_on_nothing_prints_nothing():
    assert not rate("kind: discount, percent: 2, evidence: LOW_INCOME", evidence=POOR).lines


@pytest.mark.parametrize(
    ("rule", "off"),
    [
        ("per: PERCENT, amount: 50", -100000),
        ("per: SQUARE_METER, amount: 3", -30000),
        ("per: BILL, amount: 150", -15000),
        ("per: BILL, amount: 99999", -200000),
        ("per: FREE_UNIT, amount: 0.56, units: 10", -336),
    ],
)
def test_subsidies_of_every_kind(rule, off):
    subsidy = f"kind: subsidy, evidence: LOW_INCOME, {rule}"
    facts = {"area_milli": 100_000, "usage": {"total": 6000}}
    assert rate(AREA, subsidy, evidence=POOR, **facts).lines[1].amount.fen == off
    assert len(rate(AREA, subsidy, **facts).lines) == 1


def test_a_subsidy_of_nothing_prints_nothing():
    assert not rate("kind: subsidy, per: PERCENT, amount: 5, evidence: LOW_INCOME",
                    evidence=POOR).lines  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "total"),
    [("amount: 1500", 150000), ("amount: 9000", 200000), ("amount: 18, per: SQUARE_METER", 180000)],
)
def test_a_ceiling_only_takes_off(rule, total):
    assert rate(AREA, f"kind: cap, {rule}", area_milli=100_000).total.fen == total


TIANJIN = (
    "kind: discount, code: discount.early, unless: [IN_ARREARS], steps: ["
    "{until: 2022-07-01, percent: 3}, {until: 2022-09-01, percent: 2},"
    " {until: 2022-11-01, percent: 1}]"
)
DINGZHOU = (
    "kind: discount, steps: [{since: 2023-10-11, until: 2023-11-01, percent: 0.5}],"
    " channels: [WECHAT, ALIPAY], categories: [RESIDENTIAL]"
)


class TestEarlyPayment:
    def off(self, rule, *, paid_on, paid_by="", **facts):
        heat = HeatFacts(paid_on=paid_on, paid_by=paid_by)
        lines = fen(rate("kind: area, price: 25", rule, area_milli=100_000, heat=heat, **facts))
        return sum(amount for _, amount in lines[1:])

    @pytest.mark.parametrize(
        ("paid_on", "off"),
        [
            (date(2022, 6, 30), -7500),
            (date(2022, 7, 1), -5000),
            (date(2022, 8, 31), -5000),
            (date(2022, 10, 31), -2500),
            (date(2022, 11, 1), 0),
            (None, 0),
        ],
    )
    def test_has_steps_by_the_day_of_payment(self, paid_on, off):
        assert self.off(TIANJIN, paid_on=paid_on) == off

    def test_is_not_for_who_owes(self):
        owing = frozenset({"IN_ARREARS"})
        assert self.off(TIANJIN, paid_on=date(2022, 6, 1), evidence=owing) == 0

    @pytest.mark.parametrize(
        ("day", "paid_by", "category", "off"),
        [
            (11, "WECHAT", "RESIDENTIAL", -1250),
            (31, "ALIPAY", "RESIDENTIAL", -1250),
            (10, "WECHAT", "RESIDENTIAL", 0),
            (20, "CASH", "RESIDENTIAL", 0),
            (20, "WECHAT", "SHOP", 0),
        ],
    )
    def test_may_be_for_channels_and_residents_only(self, day, paid_by, category, off):
        paid_on = date(2023, 10, day)
        assert self.off(DINGZHOU, paid_on=paid_on, paid_by=paid_by, category=category) == off

    def test_may_ask_for_a_proof_too(self):
        rule = TIANJIN + ", evidence: CONTRACT"
        paid_on, held = date(2022, 6, 30), frozenset({"CONTRACT"})
        assert self.off(rule, paid_on=paid_on) == 0
        assert self.off(rule, paid_on=paid_on, evidence=held) == -7500

    def test_may_be_one_percentage_for_a_channel(self):
        rule = "kind: discount, percent: 0.5, channels: [WECHAT]"
        assert self.off(rule, paid_on=None, paid_by="WECHAT") == -1250

    @pytest.mark.parametrize(
        ("rule", "said"),
        [
            ("evidence: X", "percent 与 steps 应写且只写一个"),
            ("percent: 1, steps: [{until: 2022-07-01, percent: 3}]", "应写且只写一个"),
            ("percent: 1", "至少写一个"),
            (
                "steps: [{until: 2022-07-01, percent: 3}, {until: 2022-07-01, percent: 2}]",
                "按 until 先后排列",
            ),
            ("steps: [{since: 2022-07-01, until: 2022-07-01, percent: 3}]", "since 应早于 until"),
        ],
    )
    def test_a_document_says_who_earns_it(self, rule, said):
        with pytest.raises(PlanDocumentInvalid, match=said):
            plan(f"kind: discount, {rule}")
