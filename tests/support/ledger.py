"""Debts as tests need them."""

from datetime import date, datetime

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import Charge, ChartAccount, ItemKind


REVENUE = {
    ItemKind.BILL: ChartAccount.REVENUE_HEAT,
    ItemKind.LATE_FEE: ChartAccount.REVENUE_LATE_FEE,
}


def charge(
    account_id: int,
    fen: int,
    *,
    reference: str,
    now: datetime,
    kind: ItemKind = ItemKind.BILL,
    due: date | None = None,
    day: date | None = None,
    description: str = "",
) -> int:
    """Charge one customer, due and booked today unless told otherwise; the open item's id."""
    credited = ((REVENUE[kind], fen),)
    ledger.charge(
        charges=[Charge(account_id, reference, fen, credited, description)],
        kind=kind,
        event="billing.bill.issued",
        due_date=due or now.date(),
        accounting_date=day or now.date(),
        occurred_at=now,
    )
    return ledger.items_by_reference(references=[reference])[reference].open_item_id
