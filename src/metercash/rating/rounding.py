"""Where rating rounds: once per printed line, half up to the fen; shares of one amount by largest remainder.

A document may say that a unit price is itself rounded, and losses and power factors are by their
rules; they are rounded here as well, half up.
"""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from metercash.kernel.money import Money, round_half_up


RULE: Final = "HALF_UP_FEN"
SHARES: Final = "LARGEST_REMAINDER_FEN"


def to_fen(exact_yuan: Decimal) -> Money:
    """Round one line's exact amount in yuan to the fen, halves away from zero."""
    return round_half_up(exact_yuan)


def up_to_fen(exact_yuan: Decimal) -> Money:
    """Raise a least amount in yuan to the whole fen, so that what is paid of it never falls below."""
    return Money(int(exact_yuan.scaleb(2).to_integral_value(rounding=ROUND_CEILING)))


def to_decimals(exact: Decimal, decimals: int) -> Decimal:
    """Round half up to a number of decimals: a unit price, a power factor, whole kWh."""
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def cut_to_decimals(exact: Decimal, decimals: int) -> Decimal:
    """Cut a limit down to a number of decimals, so that what is rounded within it stays within."""
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_DOWN)
