"""The tables on the page of localities are what ships; a failure prints the row to write."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from metercash import localities


ROOT = Path(__file__).parents[3]
HEAT_PAGE, POWER_PAGE = (
    (ROOT / "docs" / "reference" / "localities.md")
    .read_text(encoding="utf-8")
    .split("## Electricity\n")
)


def shipped(commodity):
    """Localities with documents of a commodity."""
    plans = {
        code: [p.plan for p in localities.load(code).documents if p.plan.commodity == commodity]
        for code in localities.codes()
    }
    return {code: found for code, found in plans.items() if found}


HEAT, POWER = shipped("HEAT"), shipped("POWER")
WORDS = {
    "area": "area",
    "area_parts": "parts",
    "height_surcharge": "height",
    "two_part": "metered",
    "payers": "payers",
    "stop_fee": "stop",
    "discount": "discount",
    "tiered": "tiers",
    "metered": "one price",
    "time_of_use": "time of use",
    "free_units_refund": "free units",
    "year_settlement": "settlement",
    "build_up": "parts of the price",
    "demand": "demand",
    "capacity": "capacity",
    "power_factor": "power factor",
}
EXTRAS = {
    "household": "several persons",
    "flat": "flat rate",
    "free": "free units",
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
    components = [component for plan in plans for component in plan.components]
    kinds = {component.kind for component in components}
    assert kinds <= set(WORDS)
    words = [word for kind, word in WORDS.items() if kind in kinds]
    words += [
        word for name, word in EXTRAS.items() if any(getattr(c, name, None) for c in components)
    ]
    for section in ("losses", "corrections", "refund", "instalments"):
        words += [section] if any(getattr(plan, section) for plan in plans) else []
    owed = [
        plan.late_fee
        for plan in plans
        if plan.late_fee and (plan.late_fee.per_mille_per_day or plan.late_fee.flat_percent)
    ]
    return ", ".join(dict.fromkeys(words + (["late fee"] if owed else [])))


def hosts(plans):
    sources = {one for plan in plans for one in plan.source.split("; ")}
    addresses = sorted(one for one in sources if one.startswith("http"))
    return ", ".join(f"[{number}]({one})" for number, one in enumerate(addresses, 1))


def row(code, plans):
    grades = ", ".join(sorted({plan.confidence for plan in plans}))
    worked = sum(BILLS[plan.code] for plan in plans)
    cells = (f"`{code}`", len(plans), covered(plans), grades, hosts(plans), worked)
    return f"| {' | '.join(map(str, cells))} |"


PLACES = [(HEAT_PAGE, *place) for place in HEAT.items()] + [
    (POWER_PAGE, *place) for place in POWER.items()
]
NAMES = [f"{code}-{plans[0].commodity.lower()}" for _, code, plans in PLACES]


@pytest.mark.parametrize(("page", "code", "plans"), PLACES, ids=NAMES)
def test_the_page_has_the_row_of_a_place(page, code, plans):
    assert row(code, plans) in page.splitlines()


@pytest.mark.parametrize(("page", "places"), [(HEAT_PAGE, HEAT), (POWER_PAGE, POWER)])
def test_the_page_has_no_other_row(page, places):
    told = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert told == [*places]


@pytest.mark.parametrize(("page", "code", "plans"), PLACES, ids=NAMES)
def test_a_place_has_three_bills_worked_by_hand(page, code, plans):
    assert sum(BILLS[plan.code] for plan in plans) >= 3
