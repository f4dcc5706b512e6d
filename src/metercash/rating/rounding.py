"""Where rating rounds: once per printed line, half up to the fen; shares of one amount by largest remainder."""

from decimal import Decimal
from typing import Final

from metercash.kernel.money import Money, round_half_up


RULE: Final = "HALF_UP_FEN"
SHARES: Final = "LARGEST_REMAINDER_FEN"


def to_fen(exact_yuan: Decimal) -> Money:
    """Round one line's exact amount in yuan to the fen, halves away from zero."""
    return round_half_up(exact_yuan)
