"""Teller shifts: opened, counted, handed over, banked."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount, Journal, Posting
from metercash.contexts.payments import models, queries
from metercash.contexts.payments.contracts import (
    Method,
    ReceiptStatus,
    Shift,
    ShiftAlreadyOpen,
    ShiftClosed,
    ShiftStatus,
)
from metercash.kernel.errors import InvalidInput, NotFound, PermissionRefused
from metercash.platform import audit, db


_DEPOSITED = {
    Method.CASH: ChartAccount.CASH,
    Method.POS: ChartAccount.POS_CLEARING,
    Method.TRANSFER: ChartAccount.TRANSFER_CLEARING,
}


@db.transaction_required
def open_shift(*, user_id: int, opening_fen: int, now: datetime) -> Shift:
    """Begin a shift; see ``api.open_shift``."""
    if opening_fen < 0:
        raise InvalidInput(field="备用金", reason="不能为负")
    try:
        with db.savepoint():
            row = models.TellerShift.objects.create(
                user_id=user_id, opened_at=now, opening_fen=opening_fen
            )
    except IntegrityError as error:
        if "payments_one_open_shift" not in str(error):
            raise
        raise ShiftAlreadyOpen from None
    audit.record(action="payments.shift.open", subject=f"shift:{row.id}")
    return queries.shift(row)


@db.transaction_required
def close_shift(*, shift_id: int, counted_fen: int, now: datetime) -> Shift:
    """Count the till; see ``api.close_shift``."""
    row = lock(shift_id)
    if row.status != ShiftStatus.OPEN:
        raise ShiftClosed
    if counted_fen < 0:
        raise InvalidInput(field="实点现金", reason="不能为负")
    expected = row.opening_fen + queries.shift_totals(row.id)[Method.CASH]
    row.expected_fen = expected
    row.counted_fen = counted_fen
    row.closed_at = now
    row.status = ShiftStatus.COUNTED
    row.save()
    difference = counted_fen - expected
    if difference:
        ledger.post(
            journal=_journal(
                f"shift:{row.id}:count",
                "payment.shift_counted",
                now,
                Posting(ChartAccount.CASH, difference),
                Posting(ChartAccount.CASH_OVER_SHORT, -difference),
            )
        )
    audit.record(
        action="payments.shift.count",
        subject=f"shift:{row.id}",
        detail={"expected_fen": expected, "counted_fen": counted_fen},
    )
    return queries.shift(row)


@db.transaction_required
def hand_over_shift(*, shift_id: int, received_by: int, now: datetime) -> Shift:
    """Hand the counted till to another person; see ``api.hand_over_shift``."""
    row = lock(shift_id)
    if row.status != ShiftStatus.COUNTED:
        raise ShiftClosed
    if received_by == row.user_id:
        raise PermissionRefused(permission="own shift", label="接收本人的班次")
    row.status = ShiftStatus.HANDED_OVER
    row.handed_over_at = now
    row.handed_over_to = received_by
    row.save()
    audit.record(
        action="payments.shift.hand_over",
        subject=f"shift:{row.id}",
        detail={"received_by": received_by},
    )
    return queries.shift(row)


@db.transaction_required
def bank_shift(*, shift_id: int, reference: str, now: datetime) -> Shift:
    """Record that the bank took the shift's money; see ``api.bank_shift``."""
    row = lock(shift_id)
    if row.status != ShiftStatus.HANDED_OVER or row.counted_fen is None:
        raise ShiftClosed
    if not reference.strip():
        raise InvalidInput(field="解款单号", reason="不能为空")
    totals = queries.shift_totals(row.id)
    deposited = {method: totals[method] for method in _DEPOSITED}
    deposited[Method.CASH] = row.counted_fen - row.opening_fen
    postings = [
        posting
        for method, fen in deposited.items()
        if fen
        for posting in (Posting(ChartAccount.BANK, fen), Posting(_DEPOSITED[method], -fen))
    ]
    if postings:
        ledger.post(
            journal=_journal(f"shift:{row.id}:bank", "payment.shift_banked", now, *postings)
        )
    standing = models.Receipt.objects.filter(shift=row, status=ReceiptStatus.ISSUED)
    models.MoneyFact.objects.filter(
        receipt_no__in=list(standing.values_list("receipt_no", flat=True))
    ).update(reconciled_day=queries.civil_day(now))
    row.status = ShiftStatus.BANKED
    row.save()
    audit.record(
        action="payments.shift.bank",
        subject=f"shift:{row.id}",
        detail={"reference": reference.strip()[:64]},
    )
    return queries.shift(row)


@db.transaction_required
def lock(shift_id: int) -> models.TellerShift:
    """The shift's row, locked.

    Raises:
        NotFound: if there is none.
    """
    row: models.TellerShift | None = (
        models.TellerShift.objects.select_for_update().filter(id=shift_id).first()
    )
    if row is None:
        raise NotFound(what="班次")
    return row


def _journal(key: str, event: str, now: datetime, *postings: Posting) -> Journal:
    return Journal(key, event, queries.civil_day(now), now, postings)
