"""The one way money enters the books: evidence, fact, comparison, journal and event."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount, Journal, Posting
from metercash.contexts.payments import models, queries
from metercash.contexts.payments.contracts import (
    BreakKind,
    BreakStatus,
    FactKind,
    FactOutcome,
    FactView,
    Observation,
    OrderStatus,
    Provider,
)
from metercash.contexts.payments.core import facts as core
from metercash.platform import audit, db, outbox


CLEARING = {Provider.WECHAT: ChartAccount.WECHAT_CLEARING}
_KEPT_HEADERS = ("wechatpay-", "request-id", "content-type")


@db.transaction_required
def store_evidence(
    *,
    account: models.ProviderAccount,
    source: str,
    raw: bytes,
    headers: Mapping[str, str],
    now: datetime,
    key_id: str = "",
    refusal: str = "",
) -> int:
    """Keep what was received as it was; nothing is believed by this.

    Args:
        refusal: Why it does not hold; empty if it was verified.

    Returns:
        Id of the evidence.
    """
    kept = {
        name.lower(): value
        for name, value in headers.items()
        if name.lower().startswith(_KEPT_HEADERS)
    }
    row = models.Evidence.objects.create(
        provider_account=account,
        source=source,
        raw=raw,
        headers=kept,
        sha256=hashlib.sha256(raw).hexdigest(),
        verified=not refusal,
        key_id=key_id,
        refusal=refusal[:200],
        received_at=now,
    )
    return int(row.id)


@db.transaction_required
def apply_fact(
    *, account: models.ProviderAccount, seen: Observation, evidence_id: int, now: datetime
) -> FactView:
    """Apply money to the books once, from whatever source it is heard of first.

    The same movement heard again changes nothing; heard with other values it opens a CONFLICT break. What
    cannot be credited goes to suspense (不明款) under a typed break.
    """
    row, fresh = _insert(account, seen, evidence_id)
    if not fresh:
        if not _same(row, seen):
            open_break(
                account=account, kind=BreakKind.CONFLICT, fact=row, expected_fen=row.amount_fen,
                seen=seen, now=now,
            )  # fmt: skip
        return queries.fact(row, provider=account.provider)
    order = _lock_order(account, seen)
    verdict = core.judge(seen, merchant_id=account.merchant_id, order=_state(order))
    row.account_id = verdict.account_id
    row.outcome = FactOutcome.CREDITED if verdict.account_id else FactOutcome.SUSPENSE
    row.save(update_fields=["account", "outcome"])
    _post(account, row)
    if order is not None and verdict.order_status is not None:
        _settle_order(order, verdict.order_status, seen.provider_txn)
    if verdict.break_kind is not None:
        open_break(
            account=account, kind=verdict.break_kind, fact=row,
            expected_fen=verdict.expected_fen, seen=seen, now=now,
        )  # fmt: skip
    audit.record(
        action="payments.money.apply",
        subject=f"fact:{row.id}",
        detail={"outcome": row.outcome, "fen": row.amount_fen, "source": seen.source},
    )
    if row.outcome == FactOutcome.CREDITED:
        announce(row)
    return queries.fact(row, provider=account.provider, fresh=True)


@db.transaction_required
def announce(row: models.MoneyFact) -> None:
    """Tell the contexts above that a customer's money arrived."""
    outbox.publish(
        "payments.money.received",
        fact_id=row.id,
        account_id=row.account_id,
        fen=row.amount_fen,
        channel=str(row.method),
    )


@db.transaction_required
def open_break(
    *,
    account: models.ProviderAccount,
    kind: BreakKind,
    fact: models.MoneyFact | None,
    seen: Observation | None,
    expected_fen: int | None,
    now: datetime,
    status: BreakStatus = BreakStatus.OPEN,
    origin: str = "fact",
) -> None:
    """Record a disagreement once; hearing of it again changes nothing."""
    txn = seen.provider_txn if seen else (fact.provider_txn if fact else "")
    movement = seen.kind if seen else (str(fact.kind) if fact else "")
    actual = seen.fen if seen else None
    occurred = seen.occurred_at if seen else (fact.occurred_at if fact else now)
    subject = f"{origin}:{movement}:{txn}"
    if kind is BreakKind.CONFLICT:
        subject += f":{actual}"
    models.Break.objects.get_or_create(
        provider_account=account,
        kind=kind,
        subject=subject[:120],
        defaults={
            "status": status,
            "day": queries.civil_day(occurred),
            "provider_txn": txn,
            "order_no": (seen.order_no if seen else fact.order_no if fact else "")[:32],
            "expected_fen": expected_fen,
            "actual_fen": actual,
            "fact": fact,
            "opened_at": now,
            "reason": "已按渠道对账单补记" if status is BreakStatus.AUTO_FIXED else "",
            "resolved_at": now if status is BreakStatus.AUTO_FIXED else None,
        },
    )


def _insert(
    account: models.ProviderAccount, seen: Observation, evidence_id: int
) -> tuple[models.MoneyFact, bool]:
    row = models.MoneyFact(
        provider_account=account,
        kind=seen.kind,
        provider_txn=seen.provider_txn,
        order_no=seen.order_no[:32],
        method=account.provider,
        amount_fen=seen.fen,
        occurred_at=seen.occurred_at,
        accounting_date=queries.civil_day(seen.occurred_at),
        source=seen.source,
        evidence_id=evidence_id,
        outcome=FactOutcome.SUSPENSE,
        business_key=f"money:{account.id}:{seen.kind}:{seen.provider_txn}",
    )
    known = _known(account, seen)
    if known is not None:
        return known, False
    try:
        with db.savepoint():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "payments_fact_once" not in str(error):
            raise
        known = _known(account, seen)
        assert known is not None, "the constraint named a row that must be visible"
        return known, False
    return row, True


def _known(account: models.ProviderAccount, seen: Observation) -> models.MoneyFact | None:
    found: models.MoneyFact | None = models.MoneyFact.objects.filter(
        provider_account=account, kind=seen.kind, provider_txn=seen.provider_txn
    ).first()
    return found


def _same(row: models.MoneyFact, seen: Observation) -> bool:
    return row.amount_fen == seen.fen and row.order_no == seen.order_no[:32]


def _lock_order(account: models.ProviderAccount, seen: Observation) -> models.PaymentOrder | None:
    found: models.PaymentOrder | None = (
        models.PaymentOrder.objects.select_for_update()
        .filter(provider_account=account, order_no=seen.order_no)
        .first()
    )
    return found


def _state(order: models.PaymentOrder | None) -> core.OrderState | None:
    if order is None:
        return None
    return core.OrderState(
        account_id=order.account_id,
        fen=order.amount_fen,
        status=str(order.status),
        settled_txn=order.settled_txn,
    )


def _settle_order(order: models.PaymentOrder, status: OrderStatus, txn: str) -> None:
    order.status = status
    order.unknown = False
    order.settled_txn = txn
    order.next_poll_at = None
    order.save(update_fields=["status", "unknown", "settled_txn", "next_poll_at"])


def _post(account: models.ProviderAccount, row: models.MoneyFact) -> None:
    clearing = CLEARING[Provider(account.provider)]
    if row.account_id is not None:
        ledger.receive(
            account_id=row.account_id,
            fen=row.amount_fen,
            business_key=row.business_key,
            debit=clearing,
            accounting_date=row.accounting_date,
            occurred_at=row.occurred_at,
        )
        return
    fen = row.amount_fen if row.kind == FactKind.PAYMENT else -row.amount_fen
    ledger.post(
        journal=Journal(
            business_key=row.business_key,
            event="payment.suspended",
            accounting_date=row.accounting_date,
            occurred_at=row.occurred_at,
            postings=(
                Posting(clearing, fen),
                Posting(ChartAccount.SUSPENSE, -fen),
            ),
        )
    )
