"""How contracts look in JSON: money as yuan text, milli-quantities as decimal text."""

from decimal import Decimal

from metercash.kernel.money import Money
from metercash.kernel.quantity import plain


def yuan(fen: int) -> str:
    """Integer fen as a decimal string in yuan with two places."""
    return str(Money(fen).yuan)


def milli(value: int) -> str:
    """A thousandth-counted quantity as a plain decimal string."""
    return plain(Decimal(value).scaleb(-3))
