"""What the ledger is told about a bill."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import lru_cache

from metercash.contexts.billing.contracts import BillLine
from metercash.contexts.billing.core.draft import Draft
from metercash.contexts.ledger.contracts import (
    ChartAccount,
    ItemKind,
    Journal,
    NewReceivable,
    Posting,
)
from metercash.kernel.interval import Interval


REVENUE = {"HEAT": ChartAccount.REVENUE_HEAT, "POWER": ChartAccount.REVENUE_POWER}
CHARGES = {"HEAT": "采暖费", "POWER": "电费"}
EVENT = "billing.bill.issued"


def reference(bill_id: int) -> str:
    """The key of a bill's journal and of its open item."""
    return f"bill:{bill_id}"


def reversal_key(bill_id: int) -> str:
    """The key of the journal that reverses a bill."""
    return f"bill:{bill_id}:reversal"


def journal(bill_id: int, draft: Draft, accounting_date: date, occurred_at: datetime) -> Journal:
    """Dr 应收账款, Cr revenue and what is only collected on behalf of others."""
    revenue = REVENUE[draft.facts.commodity]
    credited: dict[ChartAccount, int] = defaultdict(int)
    for line in draft.lines:
        credited[_credited(line, revenue)] += line.amount_fen
    return Journal(
        business_key=reference(bill_id),
        event=EVENT,
        accounting_date=accounting_date,
        occurred_at=occurred_at,
        postings=(
            Posting(ChartAccount.RECEIVABLE, draft.total_fen, draft.facts.account_id),
            *(Posting(account, -fen) for account, fen in credited.items() if fen),
        ),
    )


def receivable(bill_id: int, draft: Draft, due_date: date, opened_on: date) -> NewReceivable:
    """The debt the customer now has."""
    return NewReceivable(
        account_id=draft.facts.account_id,
        kind=ItemKind.BILL,
        reference=reference(bill_id),
        due_date=due_date,
        fen=draft.total_fen,
        opened_on=opened_on,
        description=_description(draft.facts.commodity, draft.period),
    )


@lru_cache(maxsize=1024)
def _description(commodity: str, period: Interval[date]) -> str:
    last = period.end - timedelta(days=1)
    return f"{period.start} 至 {last} {CHARGES[commodity]}"


def _credited(line: BillLine, revenue: ChartAccount) -> ChartAccount:
    if line.code.startswith("fund"):
        return ChartAccount.FUND_PAYABLE
    if line.code.startswith("subsidy"):
        return ChartAccount.SUBSIDY_RECEIVABLE
    return revenue
