"""What an owner's earlier bills tell the engine: usage, surcharges, free units, a difference."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from metercash.contexts.billing.core.given import NOTHING, Remembered, held_from
from metercash.contexts.billing.operations.earlier import PAST_DAYS, Earlier
from metercash.contexts.customers.contracts import BillingFacts
from metercash.kernel.interval import Interval
from metercash.platform import db, tenancy
from metercash.rating import facts_json
from metercash.rating.components import Tiered
from metercash.rating.plan import Plan


# A settlement of a year has a purpose of its own and asks for the bills inside its period.
_DOCUMENTS = """
select b.account_id, b.period_from, b.period_until, d.content -> 'lines', d.content -> 'stretches'
from billing_bill b
join billing_billdocument d on d.tenant_id = b.tenant_id and d.bill_id = b.id
where b.tenant_id = %(tenant)s and b.account_id = any(%(accounts)s::bigint[])
    and b.status = 'POSTED' and b.period_until > %(after)s
    and (b.period_until <= %(start)s or b.purpose <> %(purpose)s and b.period_until <= %(end)s)
order by b.account_id, b.period_from
"""


@dataclass(frozen=True, slots=True)
class Past:
    """What a bill charged and was made from."""

    period: Interval[date]
    lines: Sequence[Mapping[str, Any]]
    stretches: Sequence[Mapping[str, Any]]

    @property
    def year(self) -> int:
        """Calendar year of the last day."""
        return (self.period.end - timedelta(days=1)).year

    def fen(self, prefix: str) -> int:
        """Sum of the lines whose code begins so."""
        return sum(line["amount_fen"] for line in self.lines if line["code"].startswith(prefix))


@db.transaction_required
def past_bills(
    account_ids: Sequence[int], period: Interval[date], purpose: str
) -> dict[int, list[Past]]:
    """Standing bills by account, oldest first; asked only for plans that remember."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DOCUMENTS,
            {
                "tenant": tenancy.current_id(),
                "accounts": db.array(account_ids),
                "after": period.start - timedelta(days=PAST_DAYS),
                "start": period.start,
                "end": period.end,
                "purpose": purpose,
            },
        )
        rows = cursor.fetchall()
    found: dict[int, list[Past]] = {}
    for account_id, start, end, lines, stretches in rows:
        past = Past(Interval(start, end), json.loads(lines), json.loads(stretches))
        found.setdefault(account_id, []).append(past)
    return found


def remembered(
    facts: BillingFacts, plan: Plan, earlier: Earlier | None, past: Sequence[Past]
) -> Remembered:
    """What the bills of this owner say; those of the owner before him say nothing."""
    if earlier is None and not plan.remembers:
        return NOTHING
    since, allowed_from = held_from(facts), facts.household_from
    used: dict[int, int] = {}
    before_household: dict[int, int] = {}
    for bill in earlier.bills if earlier else ():
        if bill.period.start < since:
            continue
        used[bill.year] = used.get(bill.year, 0) + bill.year_milli
        if allowed_from is not None and bill.period.start < allowed_from:
            before_household[bill.year] = before_household.get(bill.year, 0) + bill.year_milli
    if not plan.remembers:
        return Remembered(used, before_household)
    own = [one for one in past if one.period.start >= since]
    ladder: dict[int, int] = {}
    for one in own:
        ladder[one.year] = ladder.get(one.year, 0) + one.fen("ladder.")
    carried = -own[-1].fen("heat.carried_out") if own else 0
    return Remembered(used, before_household, ladder, _free_left(own, plan), carried)


def _free_left(own: Sequence[Past], plan: Plan) -> dict[int, int]:
    """Free units the last bill left over, in its own year."""
    free = next((c.free for c in plan.components if isinstance(c, Tiered) and c.free), None)
    if free is None or not own:
        return {}
    left = 0
    for stretch in own[-1].stretches:
        made_from = facts_json.from_json(stretch["facts"])
        left = free.left_milli(made_from, plan.usage_unit or made_from.usage_unit)
    return {own[-1].year: left}
