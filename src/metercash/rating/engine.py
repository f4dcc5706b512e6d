"""Rate one account: facts in, explained lines out."""

from __future__ import annotations

from metercash.kernel.money import Money
from metercash.rating.bill import Line, RatedBill
from metercash.rating.facts import RatingFacts
from metercash.rating.plan import Plan


def rate(*, plan: Plan, facts: RatingFacts) -> RatedBill:
    """Apply the plan's components in order; each sees the lines before it.

    Returns:
        Lines rounded one by one to the fen; the total is their sum.

    Raises:
        UsageMissing: if the plan meters what the facts do not hold.
        UnitMismatch: if usage is counted in another unit than the price.
        UsageInconsistent: if zones do not sum to the given total.
        FactMissing: if an area, a demand or another fact the plan prices by is unknown.
    """
    lines: list[Line] = []
    if plan.losses is not None:
        facts, told = plan.losses.add(facts, plan.citation)
        lines.append(told)
    for rater in plan.raters:
        rater(facts, lines)
    return RatedBill(tuple(lines), Money(sum([line.amount.fen for line in lines])))
