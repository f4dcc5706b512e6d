"""Rate columns of accounts by one plan; whom the arrays cannot decide, the engine rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from metercash.kernel.errors import MetercashError
from metercash.rating import engine
from metercash.rating.plan import Plan
from metercash.rating.vector.columns import Columns, Int64Array


@dataclass(frozen=True, slots=True)
class Rated:
    """What every account pays, each in the place it has in the columns.

    Attributes:
        total_fen: Sum of the account's lines; 0 where it was refused.
        lines: Fen by the code of the lines, 0 where an account has none; lines of one code are added.
        refused: Why an account could not be rated, by its place.
        by_engine: How many accounts the engine rated.
    """

    total_fen: Int64Array
    lines: Mapping[str, Int64Array]
    refused: Mapping[int, MetercashError]
    by_engine: int


def covers(plan: Plan) -> tuple[str, ...]:
    """Kinds of the plan that have no vector form: if there is one, the engine rates every account."""
    return tuple(dict.fromkeys(component.kind for component in plan.components))


def rate_many(plan: Plan, columns: Columns) -> Rated:
    """Apply the plan to every account.

    Raises:
        OverflowError: if an account pays more fen than an int64 holds.
    """
    return _decided(plan, columns, {}, range(columns.count))


def _decided(
    plan: Plan, columns: Columns, lines: dict[str, Int64Array], places: Iterable[int]
) -> Rated:
    """The lines with those of the given accounts replaced by what the engine says."""
    asked = list(places)
    total = np.zeros(columns.count, dtype=np.int64)
    for fen in lines.values():
        fen[asked] = 0
        total += fen
    refused: dict[int, MetercashError] = {}
    for place, facts in zip(asked, columns.facts(asked), strict=True):
        try:
            bill = engine.rate(plan=plan, facts=facts)
        except MetercashError as error:
            refused[place] = error
            continue
        total[place] = bill.total.fen
        by_code: Counter[str] = Counter()
        for line in bill.lines:
            by_code[line.code] += line.amount.fen
        for code, amount in by_code.items():
            if code not in lines:
                lines[code] = np.zeros(columns.count, dtype=np.int64)
            lines[code][place] = amount
    return Rated(total, lines, refused, len(asked) - len(refused))
