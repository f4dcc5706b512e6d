"""Money in integer fen.

Nothing here rounds except :func:`round_half_up`, the one rounding of the house: to the fen, halves away
from zero, once per printed line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from metercash.kernel.errors import InvalidInput


FEN_PER_YUAN = 100
_FEN = Decimal("0.01")
_YUAN = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,2})?")
_YUAN_LIMIT = Decimal(10**15)


@dataclass(frozen=True, slots=True, order=True, init=False)
class Money:
    """An exact amount of CNY counted in fen; closed under addition, negation and allocation."""

    fen: int

    def __init__(self, fen: int) -> None:
        if type(fen) is not int:
            msg = f"Money counts whole fen, got {type(fen).__name__}"
            raise TypeError(msg)
        object.__setattr__(self, "fen", fen)

    @classmethod
    def from_yuan(cls, text: str | Decimal) -> Money:
        """Read an amount in yuan such as ``"12.34"``.

        Args:
            text: An optional sign, one to fifteen ASCII digits and at most two decimals after a point; no
                blanks, separators or exponent. A ``Decimal`` need only have such a value.

        Raises:
            InvalidInput: for anything else.
        """
        if isinstance(text, str) and not _YUAN.fullmatch(text):
            reason = f"“{text[:40]}”不是金额：只用数字，最多两位小数，如 1234.50"
            raise InvalidInput(field="金额", reason=reason)
        value = Decimal(text)
        if not value.is_finite():
            raise InvalidInput(field="金额", reason=f"“{text}”不是有限的数")
        if abs(value) >= _YUAN_LIMIT:
            raise InvalidInput(field="金额", reason="金额过大")
        rounded = value.quantize(_FEN)
        if rounded != value:
            raise InvalidInput(field="金额", reason=f"“{text}”超过两位小数")
        return cls(int(rounded * FEN_PER_YUAN))

    @classmethod
    def sum(cls, amounts: Iterable[Money]) -> Money:
        """Add any number of amounts; the empty sum is zero."""
        return cls(sum([amount.fen for amount in amounts]))

    @property
    def yuan(self) -> Decimal:
        """The exact amount in yuan with two decimals."""
        return Decimal(self.fen).scaleb(-2)

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        return f"{self.yuan:,.2f}"

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Split by largest remainder; the parts always sum to the whole.

        Args:
            weights: Non-negative integers, at least one of them positive. Ties go to the earlier part.

        Raises:
            ValueError: if a weight is negative or all are zero.
        """
        return [Money(part) for part in allocate_integer(self.fen, weights)]


ZERO = Money(0)


def allocate_integer(total: int, weights: Sequence[int]) -> list[int]:
    """Split an integer by largest remainder; see :meth:`Money.allocate`."""
    weight_sum = sum(weights)
    if weight_sum <= 0 or min(weights) < 0:
        msg = f"weights must be non-negative with a positive sum, got {list(weights)}"
        raise ValueError(msg)
    sign = -1 if total < 0 else 1
    shares = [divmod(abs(total) * weight, weight_sum) for weight in weights]
    parts = [quotient for quotient, _ in shares]
    missing = abs(total) - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: -shares[i][1])
    for index in by_remainder[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]


def round_half_up(yuan: Decimal) -> Money:
    """Round an unrounded amount in yuan to the fen, halves away from zero."""
    return Money(int((yuan * FEN_PER_YUAN).to_integral_value(ROUND_HALF_UP)))
