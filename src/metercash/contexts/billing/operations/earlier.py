"""What earlier bills say about the accounts of a batch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection

from metercash.contexts.billing.core import checks
from metercash.kernel.interval import Interval
from metercash.platform import db, tenancy


PAST_DAYS = 400
PAST_BILLS = 3

# One index lookup an account, whatever the planner believes about a table that a run is filling.
_EARLIER = """
select b.id, b.account_id, b.period_from, b.period_until, b.status, b.generation, b.usage_milli,
    b.year_usage_milli, b.total_fen
from unnest(%(accounts)s::bigint[]) as wanted (account_id)
cross join lateral (
    select * from billing_bill
    where tenant_id = %(tenant)s and account_id = wanted.account_id and purpose = %(purpose)s
        and period_from < %(before)s and period_until > %(after)s
    offset 0
) b
order by b.account_id, b.period_from desc, b.generation desc
"""


@dataclass(frozen=True, slots=True)
class Before:
    """A bill before the period; ``year_milli`` is its usage in the year of its last day."""

    bill_id: int
    period: Interval[date]
    year_milli: int

    @property
    def year(self) -> int:
        """Calendar year of the last day."""
        return (self.period.end - timedelta(days=1)).year


@dataclass(slots=True)
class Earlier:
    """Earlier and overlapping bills of one account.

    Attributes:
        past: Standing bills before the period, latest first.
        bills: Standing bills before the period, latest first.
        standing: Periods of standing bills that reach into the period.
        generations: The last generation and its bill, by period.
    """

    past: list[checks.Past] = field(default_factory=list)
    bills: list[Before] = field(default_factory=list)
    standing: list[Interval[date]] = field(default_factory=list)
    generations: dict[tuple[date, date], tuple[int, int]] = field(default_factory=dict)


@db.transaction_required
def earlier_bills(
    account_ids: Sequence[int], period: Interval[date], purpose: str
) -> dict[int, Earlier]:
    """By account, in one statement; accounts never billed are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            _EARLIER,
            {
                "accounts": db.array(account_ids),
                "tenant": tenancy.current_id(),
                "purpose": purpose,
                "before": period.end,
                "after": period.start - timedelta(days=PAST_DAYS),
            },
        )
        rows = cursor.fetchall()
    found: dict[int, Earlier] = {}
    for bill_id, account_id, start, end, status, generation, usage, year_usage, total in rows:
        earlier = found.setdefault(account_id, Earlier())
        earlier.generations.setdefault((start, end), (generation, bill_id))
        if status != "POSTED":
            continue
        if end > period.start:
            earlier.standing.append(Interval(start, end))
            continue
        if len(earlier.past) < PAST_BILLS:
            earlier.past.append(checks.Past(usage, total, (end - start).days))
        earlier.bills.append(Before(bill_id, Interval(start, end), year_usage))
    return found
