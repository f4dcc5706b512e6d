"""Prices built up of parts, and prices of zones by ratio."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.rating.components import BuildUp, TimeOfUse
from metercash.rating.errors import PlanDocumentInvalid, UsageMissing
from tests.unit.rating.commercial import APRIL, examples, kwh, table
from tests.unit.rating.helpers import fen, plan, rate


HUBEI = (
    "agent: {price: 0.384470}, loss: {price: 0.013643}, td: {price: 0.0884},"
    " sys: {price: 0.082273}, fund: {price: 0.0452}"
)
FLOATING = (
    "floating: {floats: {agent: 0.384470, loss: 0.013643},"
    " fixed: {td: 0.0884, sys: 0.082273, fund: 0.0452}}"
)


def test_a_line_for_each_part():
    rated = rate(
        f"kind: build_up, listed: 0.613986, parts: {{{HUBEI}}}",
        period=APRIL,
        usage=kwh(total=1_000_000),
    )
    told = [[line.kind.label_en, f"{line.amount.yuan:.2f}"] for line in rated.lines]
    assert told == [[row[0], row[-1]] for row in table("build-up", "Worked example")[:-1]]
    assert rated.total.yuan == Decimal("613986.00")


def test_the_sum_is_held_against_the_listed_price():
    with pytest.raises(PlanDocumentInvalid, match=r"公布电价 0.6139，实为 0.613986"):
        plan(f"kind: build_up, listed: 0.6139, parts: {{{HUBEI}}}")


@pytest.mark.parametrize(("held", "charged"), [("RETURNED_FROM_MARKET", 630000), ("", 420000)])
def test_only_the_purchase_is_multiplied(held, charged):
    rated = rate(
        "kind: build_up, parts: {agent: {price: 0.42, multiplier: 1.5,"
        " evidence: RETURNED_FROM_MARKET}, other: {price: 0.28}}",
        period=APRIL, usage=kwh(total=10000), evidence=frozenset({held}),
    )  # fmt: skip
    assert fen(rated) == [("energy.agent", charged), ("energy.other", 280000)]


@pytest.mark.parametrize("part", ["multiplier: 1.5", "evidence: RETURNED_FROM_MARKET"])
def test_a_multiple_needs_its_proof(part):
    with pytest.raises(PlanDocumentInvalid, match="multiplier 与 evidence"):
        plan(f"kind: build_up, parts: {{agent: {{price: 1, {part}}}}}")


def test_shares_of_the_market_may_be_credits():
    rated = rate(
        "kind: build_up, prefix: market, parts: {share: {price: -0.0123}}",
        period=APRIL,
        usage=kwh(total=100),
    )
    assert fen(rated) == [("market.share", -123)]


def test_usage_must_be_known():
    with pytest.raises(UsageMissing):
        rate(f"kind: build_up, parts: {{{HUBEI}}}", period=APRIL)


@given(st.integers(0, 10**9))
def test_parts_differ_from_the_whole_by_rounding_alone(milli):
    parts = rate(f"kind: build_up, parts: {{{HUBEI}}}", period=APRIL, usage={"total": milli})
    whole = rate("kind: metered, price: 0.613986, unit: kWh", period=APRIL, usage={"total": milli})
    assert abs(parts.total.fen - whole.total.fen) <= 3


class TestFloatingZones:
    """Only some parts float with the zone."""

    def test_prices_by_ratio_are_rounded_to_the_decimals_of_the_document(self):
        for row in table("time-of-use", "Prices by ratio"):
            document, zone, ratio, price = row
            floating = {
                "Hubei": FLOATING,
                "Guangdong": "floating: {floats: {flat: 0.6123}, decimals: 4}",
            }[document]
            made = plan(f"kind: time_of_use, zones: {{{zone}: {{ratio: {ratio}}}}}, {floating}")
            [component] = made.components
            assert isinstance(component, TimeOfUse)
            assert component.price_of(zone) == Decimal(price)

    def test_the_listed_price_wins_and_the_other_is_told(self):
        rated = rate(
            f"kind: time_of_use, zones: {{peak: {{price: 0.809061, ratio: 1.5}}}}, {FLOATING}",
            period=APRIL,
            usage=kwh(peak=30000),
        )
        assert fen(rated) == [("energy.peak", 2427183)]
        assert "0.813043" in rated.lines[0].because.inputs.values()

    def test_a_listed_price_that_agrees_is_not_mentioned(self):
        zones = "{flat: {price: 0.613986, ratio: 1}, valley: {price: 0.3}}"
        [component] = plan(f"kind: time_of_use, zones: {zones}, {FLOATING}").components
        assert component.departures == {}

    @pytest.mark.parametrize("more", ["", f", {FLOATING}"])
    def test_a_zone_has_a_price_or_a_ratio(self, more):
        zone = "{}" if more else "{ratio: 2}"
        with pytest.raises(PlanDocumentInvalid, match="时段 peak 应写 price"):
            plan(f"kind: time_of_use, zones: {{peak: {zone}}}{more}")


def test_the_examples_of_the_pages_read():
    assert all(isinstance(made.components[0], BuildUp) for made in examples("build-up"))
    assert all(isinstance(made.components[0], TimeOfUse) for made in examples("time-of-use"))
