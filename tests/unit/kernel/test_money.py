"""Money: whole fen, exact parsing, one rounding, parts that sum to the whole."""

from decimal import Decimal

import pytest

from metercash.kernel.errors import InvalidInput
from metercash.kernel.money import ZERO, Money, allocate_integer, round_half_up


@pytest.mark.parametrize("fen", [1.0, Decimal(1), "1", True])
def test_only_whole_fen_are_money(fen):
    with pytest.raises(TypeError, match="whole fen"):
        Money(fen)


@pytest.mark.parametrize(
    ("text", "fen"), [("12.34", 1234), ("-0.01", -1), ("+5.1", 510), (Decimal("1.230"), 123)]
)
def test_yuan_is_read_exactly(text, fen):
    assert Money.from_yuan(text) == Money(fen)


@pytest.mark.parametrize(
    "text",
    [
        "1.234",
        "1.230",
        "abc",
        "",
        "-",
        ".5",
        "5.",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e3",
        "1_000",
        "1,000",
        "１２",
        "٣",
        " 1",
        "1\n",
        "--1",
        "1" * 16,
        "9" * 40,
        Decimal("NaN"),
        Decimal("1.234"),
        Decimal("1E+15"),
        Decimal("1E-999999"),
        Decimal("1E+999999"),
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(InvalidInput, match="金额"):
        Money.from_yuan(text)


def test_arithmetic_stays_money():
    assert Money(5) + Money(7) - Money(2) == Money(10)
    assert -Money(3) == Money(-3)
    assert Money.sum([Money(1), Money(2)]) == Money(3)
    assert Money.sum([]) == ZERO
    assert Money(1) < Money(2)
    assert bool(Money(1))
    assert not ZERO


@pytest.mark.parametrize("operation", [lambda: Money(1) + 1, lambda: Money(1) - 1])
def test_money_and_numbers_do_not_mix(operation):
    with pytest.raises(TypeError):
        operation()


def test_money_reads_with_separators_and_two_decimals():
    assert str(Money(123456789)) == "1,234,567.89"
    assert str(Money(-5)) == "-0.05"
    assert Money(100).yuan == Decimal("1.00")


@pytest.mark.parametrize(
    ("yuan", "fen"),
    [("0.005", 1), ("0.0049999", 0), ("-0.005", -1), ("2279.112", 227911), ("1.015", 102)],
)
def test_halves_round_away_from_zero(yuan, fen):
    assert round_half_up(Decimal(yuan)) == Money(fen)


def test_allocation_gives_the_odd_fen_to_the_largest_remainder_then_the_earlier():
    assert Money(100).allocate([1, 1, 1]) == [Money(34), Money(33), Money(33)]
    assert Money(-100).allocate([1, 1, 1]) == [Money(-34), Money(-33), Money(-33)]
    assert Money(10).allocate([0, 3, 4]) == [Money(0), Money(4), Money(6)]


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_impossible_weights_are_refused(weights):
    with pytest.raises(ValueError, match="non-negative"):
        allocate_integer(1, weights)
