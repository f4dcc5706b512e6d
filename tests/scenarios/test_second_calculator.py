"""Every bill worked by hand, made again by the calculator that shares nothing with the engine."""

import pytest

from metercash import localities
from tests.scenarios.reading import facts_of, rows
from tests.scenarios.test_scenarios import CASES
from tests.support import proofs


TEXTS = {
    one.plan.code: one.text
    for code in localities.codes()
    for one in localities.load(code).documents
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_second_calculator_agrees(case):
    (account,) = rows(case / "given" / "account.csv")
    assert proofs.told(TEXTS[account["plan"]], facts_of(case / "given")) == []


def test_the_second_calculator_would_tell():
    case = next(case for case in CASES if case.name == "hubei-above-105-percent")
    bill = proofs.rated(TEXTS["hubei-power-two-part-10kv-contract"], facts_of(case / "given"))
    bill["lines"][4]["amount_fen"] += 1
    assert proofs.verify(bill)
