"""Orders with a provider: each database step before or after an outside call, never around it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError

from metercash.contexts.customers import api as customers
from metercash.contexts.payments import models, queries
from metercash.contexts.payments.contracts import (
    IdempotencyConflict,
    Order,
    OrderStatus,
)
from metercash.contexts.payments.core import polling
from metercash.contexts.payments.core import tenders as core
from metercash.contexts.payments.operations import wechat
from metercash.kernel.errors import InvalidInput
from metercash.platform import audit, db
from metercash.protocols.wechatpay import messages


VALID_FOR = timedelta(hours=2)
_ASKABLE = frozenset({OrderStatus.DRAFT, OrderStatus.PENDING})


@db.transaction_required
def known(*, idempotency_key: str, account_id: int, fen: int, provider: str) -> Order | None:
    """The order the key already stands for.

    Raises:
        IdempotencyConflict: if it stands for another request.
    """
    row = (
        models.PaymentOrder.objects.select_related("provider_account")
        .filter(idempotency_key=idempotency_key)
        .first()
    )
    if row is None:
        return None
    if row.request_hash != _request_hash(account_id, fen, provider):
        raise IdempotencyConflict(key=idempotency_key)
    return queries.order(row)


@db.transaction_required
def draft(
    *, account_id: int, fen: int, provider: str, idempotency_key: str, now: datetime
) -> tuple[Order, bool]:
    """Record the intent to collect.

    Returns:
        The order, and whether this call made it.
    """
    core.check_amount(fen)
    if not 0 < len(idempotency_key) <= 120:
        raise InvalidInput(field="幂等键", reason="应为1至120个字符")
    account = queries.provider_account(provider)
    customer = customers.get_account(account_id=account_id)
    row = models.PaymentOrder(
        order_no=f"M{queries.civil_day(now):%y%m%d}{secrets.token_hex(10).upper()}",
        provider_account=account,
        account_id=account_id,
        amount_fen=fen,
        description=f"缴费 户号{customer.account_no}"[:127],
        idempotency_key=idempotency_key,
        request_hash=_request_hash(account_id, fen, provider),
        unknown=False,
        created_at=now,
        expires_at=now + VALID_FOR,
        next_poll_at=polling.next_poll(asked=0, now=now),
    )
    try:
        with db.savepoint():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "payments_order_key_unique" not in str(error):
            raise
        found = known(
            idempotency_key=idempotency_key, account_id=account_id, fen=fen, provider=provider
        )
        assert found is not None, "the constraint named a row that must be visible"
        return found, False
    audit.record(
        action="payments.order.draft",
        subject=f"order:{row.order_no}",
        detail={"account_id": account_id, "fen": fen},
    )
    return queries.order(row), True


@db.transaction_required
def native_order(order_no: str) -> tuple[wechat.Credentials, messages.NativeOrder]:
    """What to send to the provider for an order."""
    row = queries.order_row(order_no)
    credentials = credentials_of(row.provider_account)
    return credentials, messages.NativeOrder(
        app_id=credentials.app_id,
        merchant_id=credentials.merchant_id,
        order_no=row.order_no,
        description=row.description,
        amount_fen=row.amount_fen,
        notify_url=credentials.notify_url,
        expires_at=row.expires_at.astimezone(queries.zone()),
    )


def credentials_of(account: models.ProviderAccount) -> wechat.Credentials:
    """The account's keys.

    Raises:
        ProviderNotConfigured: if a setting is missing or a key cannot be read.
    """
    return wechat.credentials(
        merchant_id=account.merchant_id, app_id=account.app_id, settings=account.settings
    )


@db.transaction_required
def record_code(*, order_no: str, code_url: str) -> Order:
    """The provider created the order."""
    row = _lock(order_no)
    if row.status in _ASKABLE:
        row.status = OrderStatus.PENDING
        row.unknown = False
        row.code_url = code_url
        row.save(update_fields=["status", "unknown", "code_url"])
    return queries.order(row)


@db.transaction_required
def record_unknown(*, order_no: str) -> Order:
    """The provider may or may not have acted; only asking will tell."""
    row = _lock(order_no)
    if row.status in _ASKABLE:
        row.status = OrderStatus.PENDING
        row.unknown = True
        row.save(update_fields=["status", "unknown"])
    return queries.order(row)


@db.transaction_required
def record_end(*, order_no: str, status: OrderStatus, failure: str = "") -> Order:
    """The provider said the order is closed or refused; money that comes later is still taken."""
    row = _lock(order_no)
    if row.status in _ASKABLE:
        row.status = status
        row.unknown = False
        row.failure = failure[:200]
        row.next_poll_at = None
        row.save(update_fields=["status", "unknown", "failure", "next_poll_at"])
        audit.record(action="payments.order.end", subject=f"order:{order_no}")
    return queries.order(row)


@db.transaction_required
def record_asked(*, order_no: str) -> Order:
    """The provider answered that the order is there and unpaid."""
    row = _lock(order_no)
    if row.status in _ASKABLE and row.unknown:
        row.unknown = False
        row.save(update_fields=["unknown"])
    return queries.order(row)


@db.transaction_required
def claim_poll(*, order_no: str, now: datetime) -> bool:
    """Plan the next question to the provider.

    Returns:
        Whether to ask now: not for a decided order, nor twice within a second.
    """
    row = _lock(order_no)
    if row.status not in _ASKABLE:
        return False
    if row.polled_at and timedelta(0) < now - row.polled_at < polling.INTERACTIVE_GAP:
        return False
    row.polled += 1
    row.polled_at = now
    row.next_poll_at = polling.next_poll(asked=row.polled, now=now)
    row.save(update_fields=["polled", "polled_at", "next_poll_at"])
    return True


def _lock(order_no: str) -> models.PaymentOrder:
    queries.order_row(order_no)
    row: models.PaymentOrder = (
        models.PaymentOrder.objects.select_for_update(of=("self",))
        .select_related("provider_account")
        .get(order_no=order_no)
    )
    return row


def _request_hash(account_id: int, fen: int, provider: str) -> str:
    return core.fingerprint(account_id=account_id, fen=fen, provider=provider)
