"""The calculator asks what a price prices by, and its answers suffice to rate."""

from datetime import date

import pytest

from metercash import localities
from metercash.contexts.tariffs import api as tariffs
from metercash.interfaces.web import calculator
from metercash.kernel.errors import InvalidInput
from metercash.rating.document import parse


TODAY = date(2026, 1, 20)
SHIPPED = {
    shipped.plan.code: shipped
    for code in localities.codes()
    for shipped in localities.load(code).documents
}
# What nobody knows at a counter: losses by model of transformer, surcharges charged by month, a price change.
BEYOND = {
    code
    for code, shipped in SHIPPED.items()
    if shipped.plan.code.endswith("-year-settlement")
    or {part.kind for part in shipped.plan.components} & {"price_change"}
    or shipped.plan.losses is not None
}


def answered(plan, **changes):
    """The calculator's own offers, and 100 of what it leaves open."""
    given = {}
    for one in calculator.questions(plan, {}, TODAY):
        if one.kind in ("number", "whole"):
            value = {"height_mm": "2.8", "household_size": "3"}.get(one.path, one.value or "100")
        elif one.path == "evidence.LOW_INCOME":
            value = "1"
        else:
            value = one.value
        given[one.mark] = changes.get(one.path, value)
    return calculator.questions(plan, given, TODAY)


@pytest.mark.parametrize("code", sorted(set(SHIPPED) - BEYOND))
def test_answers_suffice_for_what_ships(code):
    plan = SHIPPED[code].plan
    facts = calculator.facts(plan, answered(plan))
    found = tariffs.calculate(text=SHIPPED[code].text, facts=facts)
    assert found.lines
    assert found.total_fen == sum(line.amount_fen for line in found.lines)


def test_a_home_by_area_is_not_asked_for_usage_or_persons():
    asked = {one.path for one in calculator.questions(plan_by_area(), {}, TODAY)}
    assert asked == {"period.start", "period.end", "area_milli"}


def test_offers_the_season_and_reads_what_was_answered():
    plan = plan_by_area()
    facts = calculator.facts(plan, answered(plan, area_milli="90.25"))
    assert facts == {
        "period": {"start": "2025-10-20", "end": "2026-04-21"},
        "area_milli": 90_250,
    }


@pytest.mark.parametrize("value", ["-1", "1e3", "九十", "1.2345", "NaN", "1,000"])
def test_refuses_what_is_no_number_naming_the_field(value):
    plan = plan_by_area()
    with pytest.raises(InvalidInput) as refused:
        calculator.facts(plan, answered(plan, area_milli=value))
    assert "收费面积" in refused.value.chinese


def test_reads_full_width_digits_as_phones_type_them():
    plan = plan_by_area()
    assert calculator.facts(plan, answered(plan, area_milli="９０．５"))["area_milli"] == 90_500


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-04-21", "2025-10-20"), ("", "2026-01-01"), ("2026-02-30", "2026-03-01")],
)
def test_refuses_a_period_that_is_none(start, end):
    plan = plan_by_area()
    changes = {"period.start": start, "period.end": end}
    with pytest.raises(InvalidInput):
        calculator.facts(plan, answered(plan, **changes))


def test_asks_for_zones_tiers_persons_and_proofs_where_they_price():
    plan = SHIPPED["shanghai-power-residential-tou"].plan
    asked = {one.path for one in calculator.questions(plan, {}, TODAY)}
    assert {"usage.peak", "usage.valley", "year_to_date_milli", "household_size"} <= asked


def plan_by_area():
    """A home by area and nothing else."""
    return parse(
        """\
code: by-area
name_zh: 按面积
name_en: By area
citation: 号
source: 源
locality: x-city
commodity: HEAT
confidence: D
confidence_note: 示例
effective_from: 2020-01-01
season: {start: 10-20, until: 04-21}
components:
  - {kind: area, price: 38.32, clause: 每平方米 38.32 元}
"""
    )
