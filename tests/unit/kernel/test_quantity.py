"""Quantities and prices refuse to mix units and refuse floats."""

from decimal import Decimal

import pytest

from metercash.kernel.quantity import Price, Quantity, Unit, plain


def kwh(value):
    return Quantity(value, Unit.KWH)


def test_quantities_of_one_unit_add_and_subtract():
    assert kwh("1.5") + kwh(2) - kwh("0.5") == kwh(3)
    assert Quantity.sum([kwh(1), kwh(2)], unit=Unit.KWH) == kwh(3)
    assert Quantity.sum([], unit=Unit.GJ) == Quantity(0, Unit.GJ)
    assert str(kwh("2.50")) == "2.5 kWh"


@pytest.mark.parametrize("other", [Quantity(1, Unit.GJ), 1])
def test_units_do_not_mix(other):
    with pytest.raises(TypeError, match="cannot combine kWh"):
        kwh(1) + other
    with pytest.raises(TypeError, match="cannot combine kWh"):
        kwh(1) - other


def test_a_price_times_its_unit_is_unrounded_yuan():
    assert Price("0.4883", Unit.KWH) * kwh("5200") == Decimal("2539.16")
    assert str(Price("42.550", Unit.GJ)) == "42.55 元/GJ"


@pytest.mark.parametrize("other", [Quantity(1, Unit.GJ), 1])
def test_a_price_refuses_another_unit(other):
    with pytest.raises(TypeError, match="cannot price"):
        Price("1", Unit.KWH) * other


@pytest.mark.parametrize("make", [kwh, lambda value: Price(value, Unit.KWH)])
def test_floats_are_refused(make):
    with pytest.raises(TypeError, match="float"):
        make(0.1)


@pytest.mark.parametrize(
    ("value", "text"), [("1.500", "1.5"), ("100", "100"), ("0.00", "0"), ("1E+3", "1000")]
)
def test_plain_text_has_neither_exponent_nor_trailing_zeros(value, text):
    assert plain(Decimal(value)) == text
