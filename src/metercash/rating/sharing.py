"""One charge for a whole period, parted among holders or prices by their days."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum

from metercash.kernel.money import Money
from metercash.rating import rounding
from metercash.rating.bill import Basis, Line, LineKind


class Among(Enum):
    """Whose days part a charge: clause, label in Chinese and English, name of the part's days."""

    HOLDERS = ("（过户，按天分担）", "由前后户主承担", "Borne by the other holders", "本户天数")
    PRICES = ("（调价，按天分摊）", "前后价格按天分摊", "Days under the other prices", "本价天数")
    BOTH = (
        "（过户并调价，按天分担）",
        "前后户主、前后价格按天分摊",
        "Days of the other holders and prices",
        "本户本价天数",
    )


def borne_by_others(
    total: Money, days: Sequence[int], index: int, *, among: Among, citation: str
) -> Line:
    """The line that takes off what the other holders, or the other prices, of the period bear.

    Args:
        total: The charge for the whole period.
        days: Days of every part in order; their shares sum to the total, by largest remainder, so
            that a price that does not change charges what it always did.
        index: Which part the line is for.
        citation: The price document the charge comes from.
    """
    whole = sum(days)
    amount = total.allocate(days)[index] - total
    clause, label_zh, label_en, part = among.value
    names = ("全期费用（元）", part, "全期天数")
    basis = Basis(clause, citation, names, "{0} × {1} ÷ {2} − {0}")
    exact = total.yuan * days[index] / whole - total.yuan
    values = (total.yuan, days[index], whole)
    one = Decimal(1)
    kind = LineKind("shared.others", label_zh, label_en, "1", one, basis)
    return Line(kind, one, values, exact, amount, rounding.SHARES)
