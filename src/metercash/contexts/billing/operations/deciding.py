"""Decisions on exceptions: let a bill through by the path every bill takes, or refuse it."""

from datetime import datetime

from django.db import IntegrityError

from metercash.contexts.billing.contracts import (
    POSTABLE_REASONS,
    REASON_LABELS,
    ExceptionDecided,
    ExceptionRow,
    ExceptionStatus,
    NotPostable,
    Reason,
    ReasonFound,
)
from metercash.contexts.billing.models import BILLED_ONCE, BillException, BillRun
from metercash.contexts.billing.operations import assembling, writing
from metercash.contexts.billing.queries import exception_contract
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.kernel.interval import Interval
from metercash.platform import audit, db


NOTE_MAX = 200


@db.transaction_required
def decide(*, exception_id: int, approve: bool, note: str, by: int, now: datetime) -> ExceptionRow:
    """Approve (rate again and post) or reject an open exception; kept with who, when and why."""
    if not note.strip() or len(note) > NOTE_MAX:
        raise InvalidInput(field="处理意见", reason=f"请填写 1 至 {NOTE_MAX} 个字")
    row = BillException.objects.select_for_update().filter(id=exception_id).first()
    if row is None:
        raise NotFound(what=f"账单异常 {exception_id}")
    if row.status != ExceptionStatus.OPEN:
        raise ExceptionDecided(decision=row.status)
    if approve:
        row.bill_id = _post(row, now)
    row.status = ExceptionStatus.APPROVED if approve else ExceptionStatus.REJECTED
    row.decided_by, row.decided_at, row.decision_note = by, now, note.strip()
    row.save(update_fields=["status", "bill_id", "decided_by", "decided_at", "decision_note"])
    audit.record(
        action=f"billing.exception.{'approve' if approve else 'reject'}",
        subject=f"bill_exception:{exception_id}",
        detail={"note": note.strip(), "stake_fen": row.stake_fen, "bill_id": row.bill_id},
    )
    return exception_contract(row)


def _post(row: BillException, now: datetime) -> int:
    run = BillRun.objects.get(id=row.run_id)
    assembled = assembling.assemble(
        account_ids=[row.account_id],
        period=Interval(run.period_from, run.period_until),
        purpose=row.purpose,
        now=now,
    )
    drafts = [draft for draft in assembled.drafts if draft.period.start == row.period_from]
    if not drafts:
        raise _not_postable(
            assembled.refusals[0].reason.reason if assembled.refusals else Reason(row.reason)
        )
    barred: list[ReasonFound] = [
        found for found in drafts[0].reasons if found.reason not in POSTABLE_REASONS
    ]
    if barred:
        raise _not_postable(barred[0].reason)
    issue = writing.Issue(run.id, row.purpose, max(run.due_date, now.date()), now)
    try:
        with db.savepoint():
            return writing.write_bills(drafts[:1], issue).bill_ids[0]
    except IntegrityError as error:
        # Another run or decision billed the period since it was looked at.
        if BILLED_ONCE not in str(error):
            raise
        raise _not_postable(Reason.DUPLICATE) from error


def _not_postable(reason: Reason) -> NotPostable:
    return NotPostable(label=REASON_LABELS[reason], reason=reason.value)
