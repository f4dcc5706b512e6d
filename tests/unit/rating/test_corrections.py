"""Corrections and penalties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.money import Money
from metercash.rating.errors import CorrectionUndefined, FactMissing
from metercash.rating.facts_power import PowerFacts
from metercash.rating.terms import corrections
from metercash.rating.terms.corrections import CorrectionTerms
from tests.unit.rating.commercial import APRIL, examples, kwh, table
from tests.unit.rating.helpers import rate


[TERMS] = [made.corrections for made in examples("corrections")]
NOTHING = CorrectionTerms()
ENERGY = "kind: metered, price: 0.5, unit: kWh"
DEMAND = "kind: demand, price: 42, by: ACTUAL"


def told(lines):
    return [(line.code, line.amount.fen) for line in lines]


def billed(used):
    power = PowerFacts(demand_milli=(1000,))
    return rate(ENERGY, DEMAND, period=APRIL, usage=kwh(total=used), power=power).lines


def test_the_table_of_the_page():
    made = {
        "meter": corrections.meter_error(
            terms=TERMS, lines=billed(900_000), error_percent=Decimal(-10)
        ),
        "wiring": corrections.wiring(
            terms=TERMS, lines=billed(1000), correction_percent=Decimal(200)
        ),
        "power factor": (
            corrections.power_factor(
                terms=TERMS, billed=Money(1260000),
                billed_percent=Decimal(5), true_percent=Decimal("9.5"),
            ),
        ),
        "theft": corrections.theft(
            terms=TERMS, load_milli=2000, price=Decimal("0.30"), lighting=True
        ),
        "misuse": corrections.misuse(
            terms=TERMS, usage_milli=[900_000, 200_000, 200_000, 250_000],
            charged=Decimal("0.5"), right=Decimal("0.8"),
        ),
        "over capacity": (corrections.over_capacity(terms=TERMS, load_milli=3000),),
        "private capacity": corrections.private_capacity(
            terms=TERMS, capacity_milli=315_000, price=Decimal(20), months=1, days=7
        ),
    }  # fmt: skip
    found = {name: [str(line.amount.yuan) for line in lines] for name, lines in made.items()}
    assert found == {
        row[0]: [cell for cell in row[2:] if cell] for row in table("corrections", "Worked example")
    }


def test_a_fast_meter_is_paid_back():
    [line] = corrections.meter_error(terms=TERMS, lines=billed(1100), error_percent=Decimal(10))
    assert (line.amount.fen, line.quantity) == (-2500, -50)
    assert line.because.arithmetic == "(550 ÷ (1 + 10%) − 550) × 0.5"


def test_each_line_of_energy_is_corrected_at_its_price():
    zones = "kind: time_of_use, zones: {peak: {price: 0.6}, valley: {price: 0.2}}"
    lines = rate(zones, period=APRIL, usage=kwh(peak=100, valley=100)).lines
    made = corrections.wiring(terms=TERMS, lines=lines, correction_percent=Decimal(50))
    assert told(made) == [
        ("correction.energy.peak", 3000), ("correction.energy.valley", 1000),
    ]  # fmt: skip


def test_theft_by_hours_of_power_or_by_what_is_known():
    by_rule = corrections.theft(terms=TERMS, load_milli=2000, price=Decimal(1))
    known = corrections.theft(
        terms=TERMS, load_milli=2000, price=Decimal(1), known_days=10, known_hours=Decimal(5)
    )
    assert told(by_rule) == [("arrears", 432000), ("penalty", 1296000)]
    assert told(known) == [("arrears", 10000), ("penalty", 30000)]


def test_the_multiple_is_taken_of_the_unrounded_amount():
    arrears, penalty = corrections.misuse(
        terms=TERMS, usage_milli=[5_300_283], charged=Decimal("0.5"), right=Decimal("0.8")
    )
    assert (arrears.amount.fen, penalty.amount.fen) == (159008, 318017)


def test_all_months_are_charged_without_a_limit():
    terms = CorrectionTerms(misuse_multiple=Decimal(2))
    [arrears, _] = corrections.misuse(
        terms=terms, usage_milli=[1000] * 9, charged=Decimal(1), right=Decimal(2)
    )
    assert arrears.amount.fen == 900


@pytest.mark.parametrize(
    "asked",
    [
        lambda: corrections.meter_error(terms=TERMS, lines=billed(1), error_percent=Decimal(-100)),
        lambda: corrections.meter_error(terms=NOTHING, lines=billed(1), error_percent=Decimal(1)),
        lambda: corrections.wiring(terms=TERMS, lines=(), correction_percent=Decimal(1)),
        lambda: corrections.power_factor(
            terms=TERMS, billed=Money(1), billed_percent=Decimal(-100), true_percent=Decimal(0)
        ),
        lambda: corrections.theft(terms=NOTHING, load_milli=1, price=Decimal(1)),
        lambda: corrections.misuse(
            terms=TERMS, usage_milli=[1], charged=Decimal(1), right=Decimal(1)
        ),
        lambda: corrections.over_capacity(terms=NOTHING, load_milli=1),
    ],
)
def test_what_the_terms_do_not_say_is_refused(asked):
    with pytest.raises(CorrectionUndefined):
        asked()


@pytest.mark.parametrize(
    "asked",
    [
        lambda: corrections.theft(terms=TERMS, load_milli=0, price=Decimal(1)),
        lambda: corrections.misuse(
            terms=TERMS, usage_milli=[], charged=Decimal(1), right=Decimal(2)
        ),
        lambda: corrections.over_capacity(terms=TERMS, load_milli=-1),
        lambda: corrections.private_capacity(
            terms=TERMS, capacity_milli=1, price=Decimal(1), months=0, days=0
        ),
        lambda: corrections.private_capacity(
            terms=TERMS, capacity_milli=1, price=Decimal(1), months=-1, days=2
        ),
    ],
)
def test_what_is_unknown_is_refused(asked):
    with pytest.raises(FactMissing):
        asked()


@given(st.integers(-99, 100), st.integers(1, 10**6))
def test_a_corrected_meter_has_no_error_left(error, used):
    """With the whole time counted, what was billed and the correction make up the true use."""
    terms = CorrectionTerms(meter_error_share=Decimal(1))
    [line] = corrections.meter_error(terms=terms, lines=billed(used), error_percent=Decimal(error))
    true = used + line.quantity
    assert abs(true * (100 + error) / 100 - used) < Decimal("1e-12")
