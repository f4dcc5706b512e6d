"""The ledger's front door. Amounts are integer fen; debit positive, credit negative."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from metercash.contexts.ledger.contracts import (
    AllocationLine,
    Charge,
    ChartAccount,
    DueTotal,
    ItemKind,
    Journal,
    JournalLine,
    OpenItem,
    Receipt,
    Taking,
    VerifyReport,
)
from metercash.contexts.ledger.operations import charging, money, periods, posting, receivables
from metercash.contexts.ledger.queries import books, verification
from metercash.platform import db


@db.transaction()
def post(*, journal: Journal) -> int:
    """Post one journal and move the prepaid balances it names.

    Posting the same journal again changes nothing and returns the same id.

    Returns:
        The journal's id.

    Raises:
        UnbalancedJournal: if the postings do not sum to zero.
        MalformedPosting: if an amount is zero or a customer's account lacks the customer.
        BusinessKeyConflict: if the key was used for another content.
        BalanceInsufficient: if a prepaid balance would fall below zero.
        PeriodClosed: if the accounting date lies in a closed period.
        JournalNotFound: if it names a journal to reverse that does not exist.
        AlreadyReversed: if that journal is reversed already.
    """
    return posting.post(journal)


@db.transaction()
def charge(
    *,
    charges: Sequence[Charge],
    kind: ItemKind,
    event: str,
    due_date: date,
    accounting_date: date,
    occurred_at: datetime,
) -> int:
    """Charge many customers by COPY, all or none; for billing runs and late-fee passes.

    Each charge becomes a journal, Dr the receivable of its kind Cr the accounts it names, and an open item.

    Returns:
        How many were charged.

    Raises:
        AmountRefused: if an amount is not positive.
        UnbalancedJournal: if what is credited does not sum to the charge.
        MalformedPosting: if a credit is zero or goes to an account kept by customer.
        BusinessKeyConflict, ReceivableConflict: if a reference is taken or appears twice.
        PeriodClosed: if the accounting date lies in a closed period.
    """
    return charging.charge(
        charges,
        kind=kind,
        event=event,
        due_date=due_date,
        accounting_date=accounting_date,
        occurred_at=occurred_at,
    )


@db.transaction()
def refresh_statistics() -> None:
    """After many journals or debts, tell the database's planner how large the books have become."""
    charging.refresh_statistics()


@db.transaction()
def list_open_items(
    *,
    account_ids: Collection[int] | None = None,
    include_settled: bool = False,
    kind: str | None = None,
    due_before: date | None = None,
) -> list[OpenItem]:
    """Open items by due date.

    Args:
        account_ids: Customers asked for; every customer if None.
        kind: ``BILL`` or ``LATE_FEE``; both if None.
        due_before: Only what was due before this day.
    """
    return books.open_items(
        account_ids, include_settled=include_settled, kind=kind, due_before=due_before
    )


@db.transaction()
def items_by_reference(*, references: Collection[str]) -> dict[str, OpenItem]:
    """Open items, settled and canceled ones included, by reference; unknown ones are left out."""
    return books.items_by_reference(references)


@db.transaction()
def list_allocations(*, open_item_ids: Collection[int]) -> list[AllocationLine]:
    """Everything that changed the items, oldest first: payments, waivers, cancellations, undoings."""
    return books.allocation_lines(open_item_ids)


@db.transaction()
def receive(
    *,
    account_id: int,
    fen: int,
    business_key: str,
    debit: ChartAccount,
    accounting_date: date,
    occurred_at: datetime,
    open_item_ids: Collection[int] | None = None,
    event: str = "payment.received",
) -> Receipt:
    """Take a customer's money: Dr ``debit`` Cr 用户预收, and Dr 用户预收 Cr 应收 for what it pays.

    Debts are paid oldest due first, in the tenant's order of principal and late fee; the rest stays as
    prepaid balance. The same key and money again return the first receipt.

    Args:
        fen: What was received, above zero.
        open_item_ids: Pay only these.

    Raises:
        AmountRefused: if ``fen`` is not positive.
        OpenItemNotFound: if an item does not exist on the account.
        BusinessKeyConflict: if the key was used for something else.
        PeriodClosed: if the accounting date lies in a closed period.
    """
    return money.receive(
        account_id=account_id,
        fen=fen,
        business_key=business_key,
        debit=debit,
        accounting_date=accounting_date,
        occurred_at=occurred_at,
        open_item_ids=open_item_ids,
        event=event,
    )


@db.transaction()
def use_balance(
    *,
    account_id: int,
    business_key: str,
    accounting_date: date,
    occurred_at: datetime,
    open_item_ids: Collection[int] | None = None,
    fen: int | None = None,
    event: str = "balance.used",
) -> Receipt | None:
    """Pay open items from the prepaid balance: Dr 用户预收 Cr 应收.

    Args:
        fen: Exactly this much; as much as balance and debts allow if None.

    Returns:
        What was paid, ``to_balance_fen`` zero; None if nothing could be paid.

    Raises:
        AmountRefused: if ``fen`` is not positive or exceeds the balance or the debts.
        OpenItemNotFound, BusinessKeyConflict, PeriodClosed: as :func:`receive`.
    """
    receipt = money.use_balance(
        account_id=account_id,
        business_key=business_key,
        accounting_date=accounting_date,
        occurred_at=occurred_at,
        open_item_ids=open_item_ids,
        fen=fen,
        event=event,
    )
    return receipt and Receipt(receipt.journal_id, receipt.allocations, 0)


@db.transaction()
def balances(*, account_ids: Iterable[int]) -> dict[int, int]:
    """Prepaid fen of each account; zero where none was ever kept."""
    return books.prepaid(account_ids)


@db.transaction()
def cancel_receivable(
    *, reference: str, business_key: str, accounting_date: date, occurred_at: datetime
) -> int:
    """Close a debt that should not have been, such as a reversed bill's.

    What was paid on it returns to the prepaid balance. The journal that charged the debt is undone by
    :func:`reverse`, which the caller calls in the same transaction. Canceling twice changes nothing: the
    same key gives the same answer, another key gives zero.

    Returns:
        Fen given back to the balance.

    Raises:
        OpenItemNotFound: if no debt carries the reference.
        BusinessKeyConflict: if the key was used for something else.
        PeriodClosed: if the accounting date lies in a closed period.
    """
    return receivables.cancel(
        reference,
        business_key=business_key,
        accounting_date=accounting_date,
        occurred_at=occurred_at,
    )


@db.transaction()
def waive(
    *,
    reference: str,
    fen: int,
    business_key: str,
    accounting_date: date,
    occurred_at: datetime,
) -> int:
    """Forgive part of a debt: Dr 违约金减免 (of a bill: 销售折扣) Cr 应收; permission is the caller's duty.

    Returns:
        The journal's id.

    Raises:
        AmountRefused: if ``fen`` is not positive or more than is open.
        OpenItemNotFound, BusinessKeyConflict, PeriodClosed: as :func:`receive`.
    """
    return receivables.waive(
        reference,
        fen,
        business_key=business_key,
        accounting_date=accounting_date,
        occurred_at=occurred_at,
    )


@db.transaction()
def reverse(
    *,
    business_key: str,
    new_business_key: str,
    accounting_date: date,
    occurred_at: datetime,
) -> int:
    """Undo a journal by a counter-journal; what its money paid becomes open again.

    Reversing again under the same new key returns the same id.

    Returns:
        The id of the reversing journal.

    Raises:
        JournalNotFound: if no journal carries ``business_key``.
        AlreadyReversed: if it was reversed under another key.
        NotReversible: if it is itself a reversal or a cancellation.
        BalanceInsufficient: if money that went to the prepaid balance has been used since.
        PeriodClosed: if the accounting date lies in a closed period.
    """
    return receivables.reverse(
        business_key,
        new_business_key=new_business_key,
        accounting_date=accounting_date,
        occurred_at=occurred_at,
    )


@db.transaction()
def journal_lines(
    *, account_id: int | None = None, business_key: str | None = None, limit: int = 1000
) -> list[JournalLine]:
    """Postings of a customer account or of one journal, newest journal first; at most 1000.

    Raises:
        JournalNotFound: if no journal carries ``business_key``.
    """
    return books.journal_lines(account_id=account_id, business_key=business_key, limit=limit)


@db.transaction()
def trial_balance(
    *, start: date | None = None, end: date | None = None
) -> Mapping[ChartAccount, int]:
    """Sum of postings in fen per account of the chart, accounting dates in ``[start, end)``."""
    return books.trial_balance(start, end)


@db.transaction()
def open_by_due_date(*, before: date | None = None) -> list[DueTotal]:
    """Open items summed by due date and kind, oldest first; only those due before the day if given."""
    return books.open_by_due_date(before)


@db.transaction()
def takings(*, start: date, end: date) -> list[Taking]:
    """Customers' money by accounting date in ``[start, end)`` and by where it was taken in.

    Money given back counts negative; moves between our own accounts do not count.
    """
    return books.takings(start, end)


@db.transaction()
def close_period(*, until: date, now: datetime) -> None:
    """Close the books for every accounting date before ``until``.

    Raises:
        PeriodClosed: if they are closed that far already.
    """
    periods.close(until=until, now=now)


@db.transaction()
def closed_until() -> date | None:
    """First civil day whose books are open; None if nothing was ever closed."""
    return books.closed_until()


@db.transaction()
def verify() -> VerifyReport:
    """Prove the bound tenant's books: journals balance, items and balances follow from them."""
    return verification.verify()
