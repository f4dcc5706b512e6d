"""What was used and not yet billed, as an estimate: for warnings, never for posting."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from metercash.rating import engine
from metercash.rating.errors import FactMissing
from metercash.rating.facts import RatingFacts
from metercash.rating.plan import Plan


def usage_so_far(
    *, measured: Mapping[str, int], days_measured: int, days_since: int
) -> dict[str, int]:
    """Use measured since the last bill, and each day since at the mean of the measured days.

    Args:
        measured: Use by zone, thousandths of its unit; a ``total`` beside zones stays their sum.

    Returns:
        The same zones, each rounded half up to the thousandth.

    Raises:
        FactMissing: if days are to be added and none was measured.
    """
    if days_since and days_measured <= 0:
        raise FactMissing(fact="已抄表天数")
    if not days_since:
        return dict(measured)
    both, whole = 2 * (days_measured + days_since), 2 * days_measured
    found = {zone: (use * both + days_measured) // whole for zone, use in measured.items()}
    if "total" in found and len(found) > 1:
        found["total"] = sum(found.values()) - found["total"]
    return found


def unbilled_yuan(*, plan: Plan, facts: RatingFacts) -> Decimal:
    """Price of what the facts say was used, unrounded and never below zero; lines are not kept.

    Raises:
        MetercashError: whatever :func:`~metercash.rating.engine.rate` raises.
    """
    bill = engine.rate(plan=plan, facts=facts)
    return max(Decimal(0), sum((line.exact for line in bill.lines), Decimal(0)))
