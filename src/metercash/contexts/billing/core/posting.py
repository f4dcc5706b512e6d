"""What the ledger is told about a bill."""

from datetime import date, timedelta
from functools import lru_cache

from metercash.contexts.billing.core.draft import Draft
from metercash.contexts.ledger.contracts import Charge, ChartAccount
from metercash.kernel.interval import Interval
from metercash.rating.bill import Line


REVENUE = {"HEAT": ChartAccount.REVENUE_HEAT, "POWER": ChartAccount.REVENUE_POWER}
CHARGES = {"HEAT": "采暖费", "POWER": "电费"}
EVENT = "billing.bill.issued"


def reference(bill_id: int) -> str:
    """The key of a bill's journal and of its open item."""
    return f"bill:{bill_id}"


def reversal_key(bill_id: int) -> str:
    """The key of the journal that reverses a bill."""
    return f"bill:{bill_id}:reversal"


def charge(bill_id: int, draft: Draft) -> Charge:
    """Dr 应收账款, Cr revenue and what is only collected on behalf of others; and the debt."""
    revenue = REVENUE[draft.facts.commodity]
    credited: dict[ChartAccount, int] = {}
    for line in draft.lines:
        account = _credited(line, revenue)
        credited[account] = credited.get(account, 0) + line.amount.fen
    return Charge(
        draft.facts.account_id,
        reference(bill_id),
        draft.total_fen,
        tuple(item for item in credited.items() if item[1]),
        _description(draft.facts.commodity, draft.period),
    )


@lru_cache(maxsize=1024)
def _description(commodity: str, period: Interval[date]) -> str:
    last = period.end - timedelta(days=1)
    return f"{period.start} 至 {last} {CHARGES[commodity]}"


def _credited(line: Line, revenue: ChartAccount) -> ChartAccount:
    if line.code.startswith("fund"):
        return ChartAccount.FUND_PAYABLE
    if line.code.startswith("subsidy"):
        return ChartAccount.SUBSIDY_RECEIVABLE
    return revenue
