"""Money at the counter: a receipt for it, or the receipt voided by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError

from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount
from metercash.contexts.payments import models, queries
from metercash.contexts.payments.contracts import (
    BalanceTenderRefused,
    FactKind,
    FactOutcome,
    IdempotencyConflict,
    Method,
    Provider,
    ReceiptStatus,
    ReceiptView,
    ShiftClosed,
    ShiftStatus,
    Source,
    Tender,
    VoidRefused,
)
from metercash.contexts.payments.core import tenders as core
from metercash.contexts.payments.operations import facts, shifts
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.kernel.money import Money
from metercash.platform import audit, db


_DEBITED = {
    Method.CASH: ChartAccount.CASH,
    Method.POS: ChartAccount.POS_CLEARING,
    Method.TRANSFER: ChartAccount.TRANSFER_CLEARING,
}


@db.transaction_required
def take_payment(
    *,
    shift_id: int,
    account_id: int,
    tenders: Sequence[Tender],
    idempotency_key: str,
    now: datetime,
    open_item_ids: Sequence[int] | None,
) -> ReceiptView:
    """Take money and issue a receipt; see ``api.take_payment``."""
    total = core.check(tenders)
    if not 0 < len(idempotency_key) <= 120:
        raise InvalidInput(field="幂等键", reason="应为1至120个字符")
    request_hash = core.fingerprint(
        account_id=account_id,
        tenders=[[tender.method, tender.fen, tender.reference] for tender in tenders],
        open_item_ids=sorted(open_item_ids) if open_item_ids is not None else None,
    )
    shift = shifts.lock(shift_id)
    earlier = _earlier(idempotency_key, request_hash)
    if earlier is not None:
        return earlier
    if shift.status != ShiftStatus.OPEN:
        raise ShiftClosed
    customers.get_account(account_id=account_id)
    receipt = models.Receipt(
        receipt_no=_receipt_no(shift, now),
        shift=shift,
        serial=shift.last_serial + 1,
        account_id=account_id,
        total_fen=total,
        idempotency_key=idempotency_key,
        request_hash=request_hash,
        issued_at=now,
    )
    try:
        with db.savepoint():
            receipt.save(force_insert=True)
    except IntegrityError as error:
        if "payments_receipt_key_unique" not in str(error):
            raise
        earlier = _earlier(idempotency_key, request_hash)
        assert earlier is not None, "the constraint named a row that must be visible"
        return earlier
    shift.last_serial = receipt.serial
    shift.save(update_fields=["last_serial"])
    _take_tenders(receipt, tenders, open_item_ids)
    audit.record(
        action="payments.receipt.issue",
        subject=f"receipt:{receipt.receipt_no}",
        detail={"account_id": account_id, "fen": total},
    )
    return queries.receipts([receipt])[0]


@db.transaction_required
def void_receipt(*, receipt_no: str, reason: str, voided_by: int, now: datetime) -> ReceiptView:
    """Undo a receipt within its shift; see ``api.void_receipt``."""
    found = models.Receipt.objects.filter(receipt_no=receipt_no).first()
    if found is None:
        raise NotFound(what="收据")
    shift = shifts.lock(found.shift_id)
    receipt = models.Receipt.objects.select_for_update().get(id=found.id)
    if receipt.status != ReceiptStatus.ISSUED:
        raise VoidRefused(reason="该收据已作废")
    if shift.status != ShiftStatus.OPEN:
        raise VoidRefused(reason="班次已结束，请走退费流程")
    if voided_by == shift.user_id:
        raise VoidRefused(reason="须由另一人作废")
    if not reason.strip():
        raise InvalidInput(field="作废原因", reason="不能为空")
    lines = models.ReceiptTender.objects.filter(receipt=receipt).order_by("-line_no")
    for line in lines:
        key = _business_key(receipt_no, line.line_no)
        ledger.reverse(
            business_key=key,
            new_business_key=f"{key}:void",
            accounting_date=queries.civil_day(now),
            occurred_at=now,
        )
    models.MoneyFact.objects.filter(receipt_no=receipt_no).update(outcome=FactOutcome.RETURNED)
    receipt.status = ReceiptStatus.VOIDED
    receipt.voided_at = now
    receipt.voided_by = voided_by
    receipt.void_reason = reason.strip()[:200]
    receipt.save()
    audit.record(
        action="payments.receipt.void",
        subject=f"receipt:{receipt_no}",
        detail={"voided_by": voided_by, "reason": receipt.void_reason},
    )
    return queries.get_receipt(receipt_no)


def _earlier(key: str, request_hash: str) -> ReceiptView | None:
    row = models.Receipt.objects.select_related("shift").filter(idempotency_key=key).first()
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise IdempotencyConflict(key=key)
    return queries.receipts([row], replayed=True)[0]


def _receipt_no(shift: models.TellerShift, now: datetime) -> str:
    return f"{queries.civil_day(now):%Y%m%d}-{shift.id:04d}-{shift.last_serial + 1:04d}"


def _business_key(receipt_no: str, line_no: int) -> str:
    return f"receipt:{receipt_no}:{line_no}"


def _take_tenders(
    receipt: models.Receipt, tenders: Sequence[Tender], open_item_ids: Sequence[int] | None
) -> None:
    """Balance first, since fresh money would pay the debts the balance was meant for."""
    items = ledger.list_open_items(account_ids=[receipt.account_id])
    names = {item.open_item_id: item.description or item.reference for item in items}
    paid: dict[int, int] = {}
    ordered = sorted(enumerate(tenders), key=lambda pair: pair[1].method != Method.BALANCE)
    for line_no, tender in ordered:
        if tender.method == Method.BALANCE:
            applied = _use_balance(receipt, line_no, tender, open_item_ids)
        else:
            applied = _receive(receipt, line_no, tender, open_item_ids)
        models.ReceiptTender.objects.create(
            receipt=receipt,
            line_no=line_no,
            method=tender.method,
            amount_fen=tender.fen,
            reference=tender.reference.strip(),
        )
        for open_item_id, fen in applied:
            paid[open_item_id] = paid.get(open_item_id, 0) + fen
    receipt.allocations = [[names.get(item_id, ""), fen] for item_id, fen in paid.items()]
    receipt.to_balance_fen = receipt.total_fen - sum(paid.values())
    receipt.save(update_fields=["allocations", "to_balance_fen"])


def _use_balance(
    receipt: models.Receipt, line_no: int, tender: Tender, open_item_ids: Sequence[int] | None
) -> Sequence[tuple[int, int]]:
    outcome = ledger.use_balance(
        account_id=receipt.account_id,
        business_key=_business_key(receipt.receipt_no, line_no),
        accounting_date=queries.civil_day(receipt.issued_at),
        occurred_at=receipt.issued_at,
        open_item_ids=open_item_ids,
        fen=tender.fen,
    )
    applied = outcome.allocations if outcome is not None else ()
    used = sum(fen for _, fen in applied)
    if used != tender.fen:
        raise BalanceTenderRefused(
            available_yuan=str(Money(used)), asked_yuan=str(Money(tender.fen))
        )
    return applied


def _receive(
    receipt: models.Receipt, line_no: int, tender: Tender, open_item_ids: Sequence[int] | None
) -> Sequence[tuple[int, int]]:
    key = _business_key(receipt.receipt_no, line_no)
    day = queries.civil_day(receipt.issued_at)
    outcome = ledger.receive(
        account_id=receipt.account_id,
        fen=tender.fen,
        business_key=key,
        debit=_DEBITED[Method(tender.method)],
        accounting_date=day,
        occurred_at=receipt.issued_at,
        open_item_ids=open_item_ids,
    )
    account, _ = models.ProviderAccount.objects.get_or_create(
        provider=Provider.COUNTER, defaults={"merchant_id": "COUNTER"}
    )
    fact = models.MoneyFact.objects.create(
        provider_account=account,
        kind=FactKind.PAYMENT,
        provider_txn=f"{receipt.receipt_no}/{line_no}",
        method=tender.method,
        amount_fen=tender.fen,
        occurred_at=receipt.issued_at,
        accounting_date=day,
        source=Source.TELLER,
        outcome=FactOutcome.CREDITED,
        account_id=receipt.account_id,
        receipt_no=receipt.receipt_no,
        business_key=key,
    )
    facts.announce(fact)
    return outcome.allocations
