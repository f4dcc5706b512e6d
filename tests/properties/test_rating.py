"""Laws of rating: the total is its lines, more never costs less, a year is its months."""

from collections import Counter
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from metercash import localities
from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.components import PowerFactor, TimeOfUse
from metercash.rating.components.tiered import split
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_power import PowerFacts, Transformer


PLANS = {
    one.plan.code: one.plan
    for code in localities.codes()
    for one in localities.load(code).documents
}
LADDER = PLANS["beijing-power-residential"]
CAPPED = PLANS["harbin-heat-residential-metered"]
PERIOD = Interval(date(2025, 11, 15), date(2025, 12, 15))
YEAR = Interval(date(2025, 1, 1), date(2026, 1, 1))
MILLI = st.integers(0, 10**7)
AREA = st.integers(1, 10**6)
POWER = PowerFacts(
    demand_milli=(800_000,), contract_demand_milli=700_000, capacity_milli=1_000_000,
    transformers=(Transformer("1", 1_000_000),), reactive_milli=1000, loss_kwh=7,
)  # fmt: skip
# more energy on the same reactive energy is a better power factor, which may cost less
MONOTONE = sorted(
    code
    for code, plan in PLANS.items()
    if not any(isinstance(component, PowerFactor) for component in plan.components)
)


def rate(plan, **facts):
    facts = {"period": PERIOD, "ladder_charged_fen": 0, "power": POWER, **facts}
    facts.setdefault("usable_area_milli", facts.get("area_milli"))
    return engine.rate(plan=plan, facts=RatingFacts(usage_unit=plan.usage_unit or "kWh", **facts))


def zones_of(plan, peak, valley):
    """Usage in every zone of the plan, all of it in two of them."""
    zones = [zone for c in plan.components if isinstance(c, TimeOfUse) for zone in c.zones]
    return {**dict.fromkeys(zones, 0), "peak": peak, "valley": valley}


@given(st.sampled_from(sorted(PLANS)), AREA, MILLI, MILLI, MILLI)
def test_the_total_is_the_sum_of_lines_rounded_once(code, area, peak, valley, before):
    rated = rate(
        PLANS[code], area_milli=area, usage=zones_of(PLANS[code], peak, valley),
        year_to_date_milli=before, height_mm=3700,
    )  # fmt: skip
    assert rated.total.fen == sum(line.amount.fen for line in rated.lines)
    for line in rated.lines:
        assert abs(line.amount.yuan - line.because.exact) <= Decimal("0.005")


@given(st.sampled_from(MONOTONE), AREA, MILLI, MILLI)
def test_more_peak_never_costs_less_at_the_start_of_the_year(code, area, low, more):
    def total(peak):
        usage = zones_of(PLANS[code], peak, 7000)
        return rate(PLANS[code], area_milli=area, usage=usage).total

    assert total(low) <= total(low + more)


@given(st.lists(st.integers(0, 10**6), min_size=12, max_size=12))
def test_a_year_by_months_fills_the_same_tiers(months):
    whole, by_month, before = Counter(), Counter(), 0
    for line in rate(LADDER, period=YEAR, usage={"total": sum(months)}).lines:
        whole[line.code] += line.quantity
    for number, used in enumerate(months, 1):
        end = date(2025, number + 1, 1) if number < 12 else date(2026, 1, 1)
        period = Interval(date(2025, number, 1), end)
        rated = rate(LADDER, period=period, usage={"total": used}, year_to_date_milli=before)
        for line in rated.lines:
            by_month[line.code] += line.quantity
        before += used
    assert by_month == whole


@given(AREA, MILLI)
def test_never_above_the_area_fee(area, heat):
    by_area = rate(PLANS["harbin-heat-residential"], area_milli=area).total
    assert rate(CAPPED, area_milli=area, usage={"total": heat}).total <= by_area


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=9, unique=True), MILLI, MILLI)
def test_tiers_hold_all_usage_and_nothing_else(bounds, before, usage):
    parts = split(sorted(bounds), before, usage)
    assert sum(parts) == usage
    assert min(parts) >= 0
