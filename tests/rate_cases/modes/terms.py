"""What happens around a bill: refunds, late fees, instalments, prepayment, shares of an amount."""

from collections.abc import Callable
from fractions import Fraction

from metercash.kernel.money import Money
from tests.rate_cases.case import Case, Outcome, fen


def split(case: Case) -> Outcome:
    """Shares of an amount by largest remainder."""
    shares = [Fraction(share) for share in case.tariff.get("shares", case.input["shares"])]
    whole = max(share.denominator for share in shares)
    parts = Money(fen(case.input["total"])).allocate([int(share * whole) for share in shares])
    lines = tuple((f"share.{number}", part.fen) for number, part in enumerate(parts, start=1))
    return Outcome(lines, sum(part for _, part in lines))


MODES: dict[str, Callable[[Case], Outcome]] = {"split": split}
