"""One charge for a whole period, borne by several holders by their days."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from metercash.kernel.money import Money
from metercash.rating import rounding
from metercash.rating.bill import Basis, Line, LineKind


_NAMES = ("全期费用（元）", "本户天数", "全期天数")


def borne_by_others(total: Money, days: Sequence[int], index: int, *, citation: str) -> Line:
    """The line that takes off what the other holders of the period bear.

    Args:
        total: The charge for the whole period.
        days: Days of every holder in order; their shares sum to the total, by largest remainder.
        index: Which holder the line is for.
        citation: The price document the charge comes from.
    """
    whole = sum(days)
    amount = total.allocate(days)[index] - total
    basis = Basis("（过户，按天分担）", citation, _NAMES, "{0} × {1} ÷ {2} − {0}")
    exact = total.yuan * days[index] / whole - total.yuan
    values = (total.yuan, days[index], whole)
    one = Decimal(1)
    kind = LineKind(
        "shared.others", "由前后户主承担", "Borne by the other holders", "1", one, basis
    )
    return Line(kind, one, values, exact, amount, rounding.SHARES)
