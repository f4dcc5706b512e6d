"""Reversal and rebill: history is never changed, it is undone and written anew."""

from datetime import date, datetime

from django.db import IntegrityError

from metercash.contexts.billing.contracts import (
    POSTABLE_REASONS,
    REASON_LABELS,
    BillNotReplaceable,
    BillNotReversible,
    BillStatus,
    Reason,
)
from metercash.contexts.billing.core import posting
from metercash.contexts.billing.models import BILLED_ONCE, Bill
from metercash.contexts.billing.operations import assembling, writing
from metercash.contexts.billing.queries import bill_no
from metercash.contexts.ledger import api as ledger
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.kernel.interval import Interval
from metercash.platform import audit, db, outbox


REASON_MAX = 200


@db.transaction_required
def reverse(*, bill_id: int, reason: str, by: int, accounting_date: date, now: datetime) -> None:
    """Undo a posted bill in the ledger; what was paid on it returns to the account's balance."""
    if not reason.strip() or len(reason) > REASON_MAX:
        raise InvalidInput(field="冲正原因", reason=f"请填写 1 至 {REASON_MAX} 个字")
    bill = _locked(bill_id)
    if bill.status != BillStatus.POSTED:
        raise BillNotReversible(bill_no=bill_no(bill.id, bill.period_from))
    if bill.total_fen:
        ledger.cancel_receivable(
            reference=posting.reference(bill_id),
            business_key=f"{posting.reference(bill_id)}:cancel",
            accounting_date=accounting_date,
            occurred_at=now,
        )
        ledger.reverse(
            business_key=posting.reference(bill_id),
            new_business_key=posting.reversal_key(bill_id),
            accounting_date=accounting_date,
            occurred_at=now,
        )
    bill.status = BillStatus.REVERSED
    bill.open_fen = 0
    bill.reversal_reason = reason.strip()
    bill.save(update_fields=["status", "open_fen", "reversal_reason"])
    outbox.publish("billing.bill.reversed", bill_id=bill_id, account_id=bill.account_id)
    audit.record(
        action="billing.bill.reverse",
        subject=f"bill:{bill_id}",
        detail={"reason": reason.strip(), "by": by, "total_fen": bill.total_fen},
    )


@db.transaction_required
def rebill(*, bill_id: int, by: int, due_date: date | None, now: datetime) -> int:
    """Bill a reversed bill's period anew, as its next generation and linked to it.

    A person orders it looking at the bill, so checks against history do not hold it back.
    """
    bill = _locked(bill_id)
    number = bill_no(bill.id, bill.period_from)
    if bill.status != BillStatus.REVERSED:
        raise BillNotReplaceable(bill_no=number, why="请先冲正原账单")
    period = Interval(bill.period_from, bill.period_until)
    assembled = assembling.assemble(
        account_ids=[bill.account_id], period=period, purpose=bill.purpose, now=now
    )
    drafts = [draft for draft in assembled.drafts if draft.period == period]
    if len(drafts) != 1:
        why = assembled.refusals[0].reason.sentence if assembled.refusals else "用能协议已变更"
        raise BillNotReplaceable(bill_no=number, why=why)
    draft = drafts[0]
    barred = [found for found in draft.reasons if found.reason not in POSTABLE_REASONS]
    if barred:
        raise BillNotReplaceable(bill_no=number, why=barred[0].sentence)
    issue = writing.Issue(None, bill.purpose, due_date or max(bill.due_date, now.date()), now)
    try:
        with db.savepoint():
            new_id = writing.write_bills([draft], issue).bill_ids[0]
    except IntegrityError as error:
        # A run billed the period since it was looked at.
        if BILLED_ONCE not in str(error):
            raise
        why = REASON_LABELS[Reason.DUPLICATE]
        raise BillNotReplaceable(bill_no=number, why=why) from error
    audit.record(
        action="billing.bill.rebill",
        subject=f"bill:{new_id}",
        detail={
            "replaces": bill_id,
            "by": by,
            "before_fen": bill.total_fen,
            "after_fen": draft.total_fen,
        },
    )
    return new_id


def _locked(bill_id: int) -> Bill:
    bill: Bill | None = Bill.objects.select_for_update().filter(id=bill_id).first()
    if bill is None:
        raise NotFound(what=f"账单 {bill_id}")
    return bill
