"""Customers' money: received, applied to open items, kept as balance, used from it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import connection

from metercash.contexts.ledger import models
from metercash.contexts.ledger.contracts import (
    AllocationKind,
    BusinessKeyConflict,
    ChartAccount,
    ItemStatus,
    Journal,
    Receipt,
)
from metercash.contexts.ledger.core import allocation
from metercash.contexts.ledger.core import journals as core
from metercash.contexts.ledger.operations import accounts, posting
from metercash.contexts.ledger.queries import books
from metercash.platform import db, outbox, tenancy


@db.transaction_required
def receive(
    *,
    account_id: int,
    fen: int,
    business_key: str,
    debit: ChartAccount,
    accounting_date: date,
    occurred_at: datetime,
    open_item_ids: Collection[int] | None,
    event: str,
) -> Receipt:
    """Take money in; see ``api.receive``."""
    locked = accounts.lock([account_id])
    entry = books.journal_by_key(business_key)
    if entry is not None:
        return _repeated(entry, account_id=account_id, fen=fen, debit=debit, event=event)
    plan = allocation.receive(
        account_id=account_id,
        fen=fen,
        debit=debit,
        items=books.locked_items(account_id, open_item_ids=open_item_ids),
        order=books.allocation_order(),
    )
    journal = Journal(business_key, event, accounting_date, occurred_at, plan.postings)
    return _carry_out(journal, plan, locked=locked)


@db.transaction_required
def use_balance(
    *,
    account_id: int,
    business_key: str,
    accounting_date: date,
    occurred_at: datetime,
    open_item_ids: Collection[int] | None,
    fen: int | None,
    event: str,
) -> Receipt | None:
    """Pay from the prepaid balance; see ``api.use_balance``."""
    locked = accounts.lock([account_id])
    entry = books.journal_by_key(business_key)
    if entry is not None:
        return _repeated(
            entry, account_id=account_id, fen=fen, debit=ChartAccount.PREPAID, event=event
        )
    plan = allocation.use_balance(
        account_id=account_id,
        balance_fen=locked[account_id],
        items=books.locked_items(account_id, open_item_ids=open_item_ids),
        order=books.allocation_order(),
        fen=fen,
    )
    if not plan.postings:
        return None
    journal = Journal(business_key, event, accounting_date, occurred_at, plan.postings)
    return _carry_out(journal, plan, locked=locked)


def _carry_out(journal: Journal, plan: allocation.Plan, *, locked: dict[int, int]) -> Receipt:
    core.check(journal)
    journal_id = posting.insert(journal)
    if journal_id is None:
        raise BusinessKeyConflict(business_key=journal.business_key)
    accounts.change(core.prepaid_changes(plan.postings), locked=locked)
    applied = [(item.open_item_id, part) for item, part in plan.allocations]
    apply(
        [(item_id, journal_id, AllocationKind.PAYMENT, part) for item_id, part in applied],
        journal_id=journal_id,
        accounting_date=journal.accounting_date,
    )
    return Receipt(journal_id, tuple(applied), plan.to_balance_fen)


@db.transaction_required
def apply(
    changes: Sequence[tuple[int, int, str, int]],
    *,
    journal_id: int,
    accounting_date: date,
    status: ItemStatus | None = None,
) -> None:
    """Write allocations, bring the locked open items in line with them, and tell who follows.

    Args:
        changes: (open item id, source journal id, kind, fen); positive fen makes the item smaller.
        status: What the items become; by default settled at zero and open above.
    """
    if not changes:
        return
    models.Allocation.objects.bulk_create(
        models.Allocation(
            receivable_id=item_id,
            journal_id=journal_id,
            source_id=source_id,
            kind=kind,
            fen=fen,
            accounting_date=accounting_date,
        )
        for item_id, source_id, kind, fen in changes
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "update ledger_receivable r set open_fen = r.open_fen - c.fen, status = coalesce(%s, "
            "case when r.open_fen = c.fen then 'SETTLED' else 'OPEN' end) "
            "from (select id, sum(fen) as fen from unnest(%s::bigint[], %s::bigint[]) "
            "as u (id, fen) group by id) c where r.tenant_id = %s and r.id = c.id "
            "returning r.account_id",
            [
                status,
                [change[0] for change in changes],
                [change[3] for change in changes],
                tenancy.current_id(),
            ],
        )
        concerned = sorted({account_id for (account_id,) in cursor.fetchall()})
    outbox.publish("ledger.open_items.changed", account_ids=concerned)


def _repeated(
    entry: models.JournalEntry,
    *,
    account_id: int,
    fen: int | None,
    debit: ChartAccount,
    event: str,
) -> Receipt:
    first = books.postings(entry.id)[0]
    same = (entry.event, first.account, first.account_id) == (event, debit, account_id)
    if not same or (fen is not None and first.fen != fen):
        raise BusinessKeyConflict(business_key=entry.business_key)
    applied = tuple((line.open_item_id, line.fen) for line in books.applied_by(entry.id))
    used = 0 if debit is ChartAccount.PREPAID else first.fen
    return Receipt(entry.id, applied, used - sum(part for _, part in applied))
