"""The table of cities on the page of localities is what ships; a failure prints the row to write."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from metercash import localities


ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "localities.md").read_text(encoding="utf-8")
PLANS = {
    code: [one.plan for one in localities.load(code).documents if one.plan.commodity == "HEAT"]
    for code in localities.codes()
}
CITIES = [code for code, plans in PLANS.items() if plans]
WORDS = {
    "area": "area",
    "area_parts": "parts",
    "height_surcharge": "height",
    "two_part": "metered",
    "payers": "payers",
    "stop_fee": "stop",
    "discount": "discount",
}


def bills():
    found = Counter()
    for account in (ROOT / "tests" / "scenarios").glob("*/given/account.csv"):
        with account.open(encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file)
        found[row["plan"]] += 1
    return found


BILLS = bills()


def covered(plans):
    kinds = {component.kind for plan in plans for component in plan.components}
    assert kinds <= set(WORDS)
    words = [word for kind, word in WORDS.items() if kind in kinds]
    words += ["refund"] if any(plan.refund for plan in plans) else []
    words += ["instalments"] if any(plan.instalments for plan in plans) else []
    owed = [
        plan.late_fee
        for plan in plans
        if plan.late_fee and (plan.late_fee.per_mille_per_day or plan.late_fee.flat_percent)
    ]
    return ", ".join(words + (["late fee"] if owed else []))


def hosts(plans):
    addresses = sorted({one for plan in plans for one in plan.source.split("; ")})
    return ", ".join(f"[{number}]({one})" for number, one in enumerate(addresses, 1))


def row(code):
    plans = PLANS[code]
    grades = ", ".join(sorted({plan.confidence for plan in plans}))
    worked = sum(BILLS[plan.code] for plan in plans)
    cells = (f"`{code}`", len(plans), covered(plans), grades, hosts(plans), worked)
    return f"| {' | '.join(map(str, cells))} |"


@pytest.mark.parametrize("code", CITIES)
def test_the_page_has_the_row_of_a_city(code):
    assert row(code) in PAGE.splitlines()


def test_the_page_has_no_other_row():
    told = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    assert told == CITIES


@pytest.mark.parametrize("code", CITIES)
def test_a_city_has_three_bills_worked_by_hand(code):
    assert sum(BILLS[plan.code] for plan in PLANS[code]) >= 3
