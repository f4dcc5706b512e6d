"""Laws of money: parts sum to the whole, stay within one fen of fair, and rounding is odd."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.errors import InvalidInput
from metercash.kernel.money import Money, round_half_up


FEN = st.integers(-(10**14), 10**14)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any)
YUAN = st.decimals(-(10**9), 10**9, places=8)


@given(FEN, WEIGHTS)
def test_the_parts_sum_to_the_whole_and_are_fair_within_a_fen(fen, weights):
    parts = Money(fen).allocate(weights)
    assert Money.sum(parts) == Money(fen)
    total = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.fen - Fraction(fen * weight, total)) < 1
        assert weight or not part


@given(FEN, WEIGHTS)
def test_a_credit_is_split_like_the_debit(fen, weights):
    assert Money(-fen).allocate(weights) == [-part for part in Money(fen).allocate(weights)]


@given(FEN)
def test_yuan_text_comes_back(fen):
    assert Money.from_yuan(Money(fen).yuan) == Money(fen)
    assert Money.from_yuan(str(Money(fen)).replace(",", "")) == Money(fen)


@given(text=st.text() | st.text(alphabet="+-0123456789.,_eE １٣\n"))
def test_text_is_an_amount_or_refused_in_words(text):
    plain = text.lstrip("+-") if text[:2] not in {"++", "+-", "-+", "--"} else text
    whole, point, part = plain.partition(".")
    digits = set("0123456789")
    written = 1 <= len(whole) <= 15 and set(whole) <= digits
    written &= 1 <= len(part) <= 2 and set(part) <= digits if point else True
    try:
        amount = Money.from_yuan(text)
    except InvalidInput:
        assert not written
    else:
        assert written
        assert amount.yuan == Decimal(text)


@given(YUAN)
def test_rounding_moves_at_most_half_a_fen_and_mirrors(yuan):
    rounded = round_half_up(yuan)
    assert abs(rounded.yuan - yuan) <= Decimal("0.005")
    assert round_half_up(-yuan) == -rounded


@given(YUAN, YUAN)
def test_rounding_keeps_the_order(one, other):
    low, high = sorted((one, other))
    assert round_half_up(low) <= round_half_up(high)
