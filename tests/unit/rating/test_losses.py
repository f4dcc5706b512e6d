"""Losses of accounts metered on the secondary side."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval
from metercash.rating import document, engine
from metercash.rating.errors import (
    FactMissing,
    PlanDocumentInvalid,
    TermsMissing,
    UsageMissing,
)
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_power import PowerFacts, Transformer
from tests.unit.rating.commercial import APRIL, HEAD, examples, kwh, table
from tests.unit.rating.helpers import fen


ZONES = "{kind: time_of_use, zones: {peak: {price: 0.9}, flat: {price: 0.6}, valley: {price: 0.3}}}"
METERED = "{kind: metered, price: 0.6, unit: kWh}"
LOST = "{kind: metered, price: 0.6, unit: kWh, zone: loss, code: energy.loss}"
MODEL = "models: {S11: {no_load_kw: 0.29}}"
USED = kwh(peak=10000, flat=12000, valley=8000)
FIRST_TWENTY = Interval(date(2025, 4, 1), date(2025, 4, 21))


def rate(component, losses, usage, **power):
    made = document.parse(f"{HEAD}components: [{component}]\nlosses: {{{losses}}}\n")
    facts = RatingFacts(period=APRIL, usage=usage, power=PowerFacts(**power))
    return engine.rate(plan=made, facts=facts)


def s11(**more):
    return (Transformer("1", 100_000, model="S11", **more),)


def test_the_table_of_the_page():
    rows = {row[0]: (int(row[1]), Decimal(row[2])) for row in table("losses", "Worked example")}
    percent = f"{MODEL}, load_percent: 2, to: loss"
    month = "models: {S11: {month_kwh: 304}}, to: loss"
    used = kwh(total=10000)
    made = {
        "iron 0.29 kW × 720 h, copper 2 % of 10000": rate(LOST, percent, used, transformers=s11()),
        "table 304 kWh, 20 days": rate(LOST, month, {}, transformers=s11(in_service=FIRST_TWENTY)),
    }
    assert {n: (rated.lines[0].quantity, rated.total.yuan) for n, rated in made.items()} == rows


def test_losses_are_added_to_a_zone():
    rated = rate(ZONES, "to: flat", USED, loss_kwh=600)
    assert fen(rated)[1:] == [
        ("energy.peak", 900000), ("energy.flat", 756000), ("energy.valley", 240000),
    ]  # fmt: skip


def test_losses_are_spread_by_usage():
    rated = rate(ZONES, "to: SPREAD", USED, loss_kwh=601)
    assert [line.quantity for line in rated.lines] == [601, 10200, 12241, 8160]


def test_of_equal_remainders_the_first_name_is_favored_in_whatever_order_zones_are_told():
    for usage in (kwh(peak=0, flat=0, valley=0), kwh(valley=0, peak=0, flat=0)):
        rated = rate(ZONES, "to: SPREAD", usage, loss_kwh=4)
        assert {line.code: line.quantity for line in rated.lines[1:]} == {
            "energy.flat": 2, "energy.peak": 1, "energy.valley": 1,
        }  # fmt: skip


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), st.integers(0, 10**5))
def test_a_spread_sums_to_the_whole(used, lost):
    usage = kwh(**dict(zip(("peak", "flat", "valley"), used, strict=True)))
    rated = rate(ZONES, "to: SPREAD", usage, loss_kwh=lost)
    assert sum(line.quantity for line in rated.lines[1:]) == sum(used) + lost


def test_losses_explain_themselves_without_a_price():
    rated = rate(METERED, f"{MODEL}, load_percent: 2, line_percent: 1", kwh(total=10000),
                 transformers=s11())  # fmt: skip
    [told, energy] = rated.lines
    assert (told.code, told.amount.fen) == ("losses", 0)
    assert told.because.inputs["铁损（kWh）"] == "209"
    assert told.because.arithmetic == "(209 + 200 + 104) × 0"
    assert energy.quantity == 10513


def test_zones_and_a_total_lose_the_total():
    rated = rate(ZONES, "to: flat", {**USED, "total": 30_000_000}, loss_kwh=1)
    assert rated.lines[2].quantity == 12001
    read = "{kind: metered, price: 0.6, unit: kWh, zone: peak}"
    rated = rate(read, "to: loss", {**USED, "total": 30_000_000}, loss_kwh=1)
    assert rated.total.fen == 600000


def test_what_was_read_has_a_zone_beside_the_loss():
    read = "{kind: metered, price: 0.6, unit: kWh, zone: read}"
    rated = rate(f"{read}, {LOST}", "to: loss", kwh(total=100), loss_kwh=5)
    assert [line.quantity for line in rated.lines] == [5, 100, 5]


@pytest.mark.parametrize("length", [1, 20])
def test_iron_loss_ends_with_any_suspension(length):
    stopped = Interval(date(2025, 4, 1), date(2025, 4, 1 + length))
    month = "models: {S11: {month_kwh: 300}}, to: loss"
    rated = rate(LOST, month, {}, transformers=s11(suspended=(stopped,)))
    assert rated.lines[0].quantity == 300 - 10 * length


def test_copper_loss_alone_needs_no_transformer():
    rated = rate(METERED, "load_percent: 2", kwh(total=1000))
    assert rated.lines[1].quantity == 1020


@pytest.mark.parametrize(
    ("losses", "usage", "power", "error"),
    [
        ("to: total", kwh(total=1), {}, FactMissing),
        (MODEL, kwh(total=1), {}, FactMissing),
        ("load_percent: 2", {}, {}, UsageMissing),
        ("to: flat", kwh(total=1), {"loss_kwh": 1}, UsageMissing),
        ("to: SPREAD", {}, {"loss_kwh": 1}, UsageMissing),
        (
            MODEL,
            kwh(total=1),
            {"transformers": (Transformer("1", 1000, model="S9"),)},
            TermsMissing,
        ),
    ],
)
def test_what_cannot_be_counted_is_refused(losses, usage, power, error):
    with pytest.raises(error):
        rate(METERED, losses, usage, **power)


@pytest.mark.parametrize("model", ["{}", "{no_load_kw: 1, month_kwh: 1}"])
def test_a_model_has_one_way_to_lose(model):
    with pytest.raises(PlanDocumentInvalid, match="no_load_kw 与 month_kwh"):
        rate(METERED, f"models: {{S11: {model}}}", {})


def test_the_examples_of_the_page_read():
    assert all(made.losses for made in examples("losses"))
