"""What others bear of one price: parts that sum to the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.rating import engine
from metercash.rating.errors import PlanDocumentInvalid
from metercash.rating.facts import RatingFacts
from tests.unit.rating.helpers import SEASON, fen, plan, rate


AREA = "kind: area, price: 26"
GOVERNMENT = (
    "{share: 2.7, code: subsidy.government, label_zh: 政府承担, label_en: Borne by government}"
)
EMPLOYER = "{share: 5, code: subsidy.employer, label_zh: 单位承担, label_en: Borne by employer}"
SHENYANG = f"kind: payers, own: 23.3, others: [{GOVERNMENT}], unless: [REIMBURSED]"
THREE = plan(AREA, f"kind: payers, own: 18.3, others: [{GOVERNMENT}, {EMPLOYER}]")


def test_the_government_bears_its_part():
    rated = rate(AREA, SHENYANG, area_milli=95_200)
    assert fen(rated) == [("heat.area", 247520), ("subsidy.government", -25704)]
    assert rated.total.fen == 221816
    because = rated.lines[1].because
    assert because.arithmetic == "0 − 2475.2 × 2.7 ÷ 26"
    assert "按最大余数分到分" in because.sentence_zh()


def test_who_is_reimbursed_bears_all():
    rated = rate(AREA, SHENYANG, area_milli=95_200, evidence=frozenset({"REIMBURSED"}))
    assert fen(rated) == [("heat.area", 247520)]


def test_nothing_is_not_shared():
    assert not rate(SHENYANG, area_milli=95_200).lines


def test_an_odd_fen_is_the_accounts():
    halves = "kind: payers, own: 1, others: [" + GOVERNMENT.replace("2.7", "1") + "]"
    rated = rate("kind: area, price: 0.03", halves, area_milli=1000)
    assert fen(rated) == [("heat.area", 3), ("subsidy.government", -1)]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (SHENYANG.replace("subsidy.government", "discount"), "code"),
        (f"kind: payers, own: 1, others: [{GOVERNMENT}, {GOVERNMENT}]", "应不同"),
    ],
)
def test_a_document_names_each_payer_once_and_as_the_ledger_knows_it(rule, said):
    with pytest.raises(PlanDocumentInvalid, match=said):
        plan(rule)


@given(st.integers(1, 10**7))
def test_the_parts_sum_to_the_fee(area):
    rated = engine.rate(plan=THREE, facts=RatingFacts(period=SEASON, area_milli=area))
    fee, government, employer = (line.amount.fen for line in rated.lines)
    own = fee + government + employer
    assert own >= 0
    for part, share in ((own, 183), (-government, 27), (-employer, 50)):
        assert abs(260 * part - fee * share) < 260
