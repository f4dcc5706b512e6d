"""Bills worked by hand over the shipped price documents; see README.md."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from metercash import localities
from metercash.kernel.interval import Interval
from metercash.kernel.money import Money
from metercash.rating import engine
from metercash.rating.facts import RatingFacts


CASES = sorted(path.parent.parent for path in Path(__file__).parent.glob("*/then/lines.csv"))


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def milli(text):
    return int(Decimal(text) * 1000)


def facts_of(account, usage):
    return RatingFacts(
        period=Interval(date.fromisoformat(account["from"]), date.fromisoformat(account["until"])),
        area_milli=milli(account["area_m2"]),
        height_mm=int(account["height_mm"]),
        household_size=int(account["household_size"]),
        usage={row["zone"]: milli(row["quantity"]) for row in usage},
        usage_unit=account["usage_unit"],
        year_to_date_milli=milli(account["year_to_date"]),
        prepaid_fen=Money.from_yuan(account["prepaid_yuan"]).fen,
    )


def test_there_are_scenarios():
    assert len(CASES) >= 8


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_bill_is_as_worked_by_hand(case):
    (account,) = rows(case / "given" / "account.csv")
    documents = localities.load(account["locality"]).documents
    (plan,) = [one.plan for one in documents if one.plan.code == account["plan"]]
    rated = engine.rate(plan=plan, facts=facts_of(account, rows(case / "given" / "usage.csv")))
    *lines, total = rows(case / "then" / "lines.csv")
    assert [
        (line.code, line.quantity, line.kind.price, line.amount) for line in rated.lines
    ] == [
        (row["code"], Decimal(row["quantity"]), Decimal(row["price"]), Money.from_yuan(row["yuan"]))
        for row in lines
    ]  # fmt: skip
    assert rated.total == Money.from_yuan(total["yuan"])
