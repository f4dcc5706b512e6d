"""Discounts, subsidies and ceilings take off what they may and no more."""

import pytest

from tests.unit.rating.helpers import fen, rate


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
