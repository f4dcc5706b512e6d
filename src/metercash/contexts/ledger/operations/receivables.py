"""Open items: canceled, waived; journals undone together with what they paid."""

from collections.abc import Sequence
from datetime import date, datetime

from metercash.contexts.ledger import models
from metercash.contexts.ledger.contracts import (
    AllocationKind,
    AlreadyReversed,
    BusinessKeyConflict,
    ItemKind,
    ItemStatus,
    Journal,
    NotReversible,
    OpenItem,
    OpenItemNotFound,
    Posting,
)
from metercash.contexts.ledger.core import journals as core
from metercash.contexts.ledger.core import unwinding
from metercash.contexts.ledger.operations import accounts, money, posting
from metercash.contexts.ledger.queries import books
from metercash.platform import db


@db.transaction_required
def cancel(
    reference: str, *, business_key: str, accounting_date: date, occurred_at: datetime
) -> int:
    """Close a debt without payment; see ``api.cancel_receivable``. Returns fen given back."""
    account_id = _account_of(reference)
    locked = accounts.lock([account_id])
    item = _locked_item(reference)
    entry = books.journal_by_key(business_key)
    if entry is not None:
        return _canceled_by(entry, item)
    if item.status == ItemStatus.CANCELED:
        return 0
    plan = unwinding.cancel(item, books.standing(open_item_id=item.open_item_id))
    undone = [(line.open_item_id, line.source_id, line.kind, -line.fen) for line in plan.undone]
    journal_id = _closing_journal(item, plan.postings, (business_key, accounting_date, occurred_at))
    closing = (item.open_item_id, journal_id, AllocationKind.CANCELLATION, plan.closing_fen)
    changes = core.prepaid_changes(plan.postings)
    accounts.change(changes, locked=locked)
    money.apply(
        [*undone, closing],
        journal_id=journal_id,
        accounting_date=accounting_date,
        status=ItemStatus.CANCELED,
    )
    return changes.get(account_id, 0)


def _canceled_by(entry: models.JournalEntry, item: OpenItem) -> int:
    lines = books.applied_by(entry.id)
    if (item.open_item_id, AllocationKind.CANCELLATION) not in {
        (line.open_item_id, line.kind) for line in lines
    }:
        raise BusinessKeyConflict(business_key=entry.business_key)
    return core.prepaid_changes(books.postings(entry.id)).get(item.account_id, 0)


def _closing_journal(
    item: OpenItem,
    postings: tuple[Posting, ...],
    key: tuple[str, date, datetime],
) -> int:
    business_key, accounting_date, occurred_at = key
    receivable = ItemKind(item.kind).receivable
    if not postings:
        # Nothing was paid: the closing still leaves its trace, a pair of lines that cancel out.
        fen = item.original_fen
        postings = (
            Posting(receivable, fen, item.account_id),
            Posting(receivable, -fen, item.account_id),
        )
    journal = Journal(
        business_key, "ledger.receivable.canceled", accounting_date, occurred_at, postings
    )
    journal_id = posting.insert(journal)
    if journal_id is None:
        raise BusinessKeyConflict(business_key=business_key)
    return journal_id


@db.transaction_required
def waive(
    reference: str, fen: int, *, business_key: str, accounting_date: date, occurred_at: datetime
) -> int:
    """Forgive part of a debt; see ``api.waive``. Returns the journal's id."""
    accounts.lock([_account_of(reference)])
    item = _locked_item(reference)
    entry = books.journal_by_key(business_key)
    if entry is not None:
        lines = [(line.open_item_id, line.kind, line.fen) for line in books.applied_by(entry.id)]
        if lines != [(item.open_item_id, AllocationKind.WAIVER, fen)]:
            raise BusinessKeyConflict(business_key=business_key)
        return entry.id
    postings = unwinding.waive(item, fen)
    journal = Journal(
        business_key, "ledger.receivable.waived", accounting_date, occurred_at, postings
    )
    journal_id = posting.post(journal)
    money.apply(
        [(item.open_item_id, journal_id, AllocationKind.WAIVER, fen)],
        journal_id=journal_id,
        accounting_date=accounting_date,
    )
    return journal_id


@db.transaction_required
def reverse(
    business_key: str, *, new_business_key: str, accounting_date: date, occurred_at: datetime
) -> int:
    """Undo a journal and what its money paid; see ``api.reverse``."""
    entry = books.get_journal(business_key)
    applied = books.applied_by(entry.id)
    kinds, account_id = _concerned(applied)
    postings = books.postings(entry.id)
    touched = {p.account_id for p in postings if p.account_id is not None}
    locked = accounts.lock(touched)
    repeated = books.journal_by_key(new_business_key)
    if repeated is not None:
        if repeated.reverses_id != entry.id:
            raise BusinessKeyConflict(business_key=new_business_key)
        return repeated.id
    _refuse_unless_reversible(entry, applied)
    if applied:
        books.locked_items(account_id or 0, open_item_ids=list(kinds))
    standing = books.standing(source_id=entry.id)
    plan = unwinding.reverse(
        postings, applied=applied, standing=standing, kinds=kinds, account_id=account_id
    )
    event = f"{entry.event}.reversed"[:80]
    journal = Journal(
        new_business_key, event, accounting_date, occurred_at, plan.postings, business_key
    )
    core.check(journal)
    journal_id = posting.insert(journal)
    if journal_id is None:
        raise BusinessKeyConflict(business_key=new_business_key)
    accounts.change(core.prepaid_changes(plan.postings), locked=locked)
    money.apply(
        [(line.open_item_id, line.source_id, line.kind, -line.fen) for line in plan.undone],
        journal_id=journal_id,
        accounting_date=accounting_date,
    )
    return journal_id


def _refuse_unless_reversible(
    entry: models.JournalEntry, applied: Sequence[unwinding.Applied]
) -> None:
    if models.JournalEntry.objects.filter(reverses_id=entry.id).exists():
        raise AlreadyReversed(business_key=entry.business_key)
    if entry.reverses_id is not None:
        raise NotReversible(business_key=entry.business_key)
    kinds = {line.kind for line in applied}
    if AllocationKind.CANCELLATION in kinds:
        raise NotReversible(business_key=entry.business_key)
    if AllocationKind.WAIVER in kinds and not books.standing(source_id=entry.id):
        raise NotReversible(business_key=entry.business_key)


def _concerned(applied: Sequence[unwinding.Applied]) -> tuple[dict[int, str], int | None]:
    rows = models.Receivable.objects.filter(id__in=[line.open_item_id for line in applied])
    kinds, account_id = {}, None
    for item_id, kind, owner in rows.values_list("id", "kind", "account_id"):
        kinds[item_id], account_id = kind, owner
    return kinds, account_id


def _account_of(reference: str) -> int:
    row = models.Receivable.objects.filter(reference=reference).first()
    if row is None:
        raise OpenItemNotFound(reference=reference)
    return int(row.account_id)


def _locked_item(reference: str) -> OpenItem:
    return books.to_item(models.Receivable.objects.select_for_update().get(reference=reference))
