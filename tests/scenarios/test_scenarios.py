"""Bills worked by hand over the shipped price documents; see README.md."""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from metercash import localities
from metercash.kernel.money import Money
from metercash.rating import engine
from metercash.rating.terms.refund import refund
from tests.scenarios.reading import facts_of, refund_facts_of, rows


CASES = sorted(path.parent.parent for path in Path(__file__).parent.glob("*/then/lines.csv"))
REFUNDS = [case for case in CASES if (case / "then" / "refund.csv").exists()]


@cache
def plan_of(case):
    (account,) = rows(case / "given" / "account.csv")
    documents = localities.load(account["locality"]).documents
    (plan,) = [one.plan for one in documents if one.plan.code == account["plan"]]
    return plan


def rated(case):
    facts = facts_of(case / "given")
    return facts, engine.rate(plan=plan_of(case), facts=facts)


def expected(path):
    *lines, total = rows(path)
    assert total["code"] == "total"
    return [
        (row["code"], Decimal(row["quantity"]), Decimal(row["price"]), Money.from_yuan(row["yuan"]))
        for row in lines
    ], Money.from_yuan(total["yuan"])


def found(lines):
    return [(line.code, line.quantity, line.kind.price, line.amount) for line in lines]


def test_there_are_scenarios():
    assert len(CASES) >= 8
    assert len(REFUNDS) >= 8


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_bill_is_as_worked_by_hand(case):
    _, bill = rated(case)
    lines, total = expected(case / "then" / "lines.csv")
    assert found(bill.lines) == lines
    assert bill.total == total


@pytest.mark.parametrize("case", REFUNDS, ids=lambda case: case.name)
def test_the_refund_is_as_worked_by_hand(case):
    facts, bill = rated(case)
    plan = plan_of(case)
    measured = refund_facts_of(case / "given", plan=plan, facts=facts, fee=bill.total)
    paid_back = refund(versions=plan.refund, facts=measured, citation=plan.citation)
    lines, total = expected(case / "then" / "refund.csv")
    assert found(paid_back) == lines
    assert Money.sum([line.amount for line in paid_back]) == total


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_readme_tells_the_same_total(case):
    text = (case / "README.md").read_text(encoding="utf-8")
    for word, file in (("To pay", "lines.csv"), ("To pay back", "refund.csv")):
        if (case / "then" / file).exists():
            _, total = expected(case / "then" / file)
            told = re.findall(rf"^{word}: \*\*(-?[\d.]+) yuan\*\*", text, re.MULTILINE)
            assert [Money.from_yuan(yuan) for yuan in told] == [total]
