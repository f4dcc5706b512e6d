"""Hearing of money from WeChat Pay: notifications and answers to our questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from metercash.contexts.payments import models, queries
from metercash.contexts.payments.contracts import (
    FactKind,
    FactView,
    NotificationRefused,
    Observation,
    Source,
)
from metercash.contexts.payments.operations import facts, orders, wechat
from metercash.kernel.errors import MetercashError
from metercash.platform import db
from metercash.protocols.wechatpay import messages, resource, signing


PAID_EVENT = "TRANSACTION.SUCCESS"


def hear_notification(
    *, provider: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> FactView | None:
    """Keep a notification, then believe it if it holds; see ``api.handle_notification``."""
    with db.transaction():
        account = queries.provider_account(provider)
        credentials = orders.credentials_of(account)
        transaction, key_id, refusal = _verify(credentials, headers, body, now)
        evidence_id = facts.store_evidence(
            account=account,
            source=Source.NOTIFICATION,
            raw=body,
            headers=headers,
            now=now,
            key_id=key_id,
            refusal=refusal,
        )
    if refusal:
        raise NotificationRefused(reason=refusal)
    if transaction is None:
        return None
    with db.transaction():
        return facts.apply_fact(
            account=account,
            seen=observed(transaction, source=Source.NOTIFICATION),
            evidence_id=evidence_id,
            now=now,
        )


@db.transaction_required
def hear_answer(
    *, account: models.ProviderAccount, answer: wechat.Answer, now: datetime
) -> messages.Transaction:
    """Keep a verified answer to a query and apply the money it tells of."""
    evidence_id = facts.store_evidence(
        account=account,
        source=Source.QUERY,
        raw=answer.body,
        headers=answer.headers,
        now=now,
        key_id=answer.key_id,
    )
    transaction = messages.read_transaction(answer.body)
    if transaction.paid:
        facts.apply_fact(
            account=account,
            seen=observed(transaction, source=Source.QUERY),
            evidence_id=evidence_id,
            now=now,
        )
    return transaction


def observed(transaction: messages.Transaction, *, source: Source) -> Observation:
    """A paid transaction as an observation."""
    assert transaction.amount_fen is not None, "a paid transaction was read with its amount"
    assert transaction.success_at is not None, "a paid transaction was read with its time"
    return Observation(
        kind=FactKind.PAYMENT,
        provider_txn=transaction.transaction_id,
        order_no=transaction.order_no,
        merchant_id=transaction.merchant_id,
        fen=transaction.amount_fen,
        occurred_at=transaction.success_at,
        source=source,
        currency=transaction.currency,
    )


def _verify(
    credentials: wechat.Credentials, headers: Mapping[str, str], body: bytes, now: datetime
) -> tuple[messages.Transaction | None, str, str]:
    """The payment it tells of if any, the key that signed, and why it is refused if it is."""
    key_id = ""
    try:
        key_id = signing.verify_answer(
            headers=headers, body=body, keyring=credentials.keyring, now=now
        )
        notification = messages.read_notification(body)
        plain = resource.decrypt(notification.resource, key=credentials.api_v3_key)
        if notification.event_type != PAID_EVENT:
            return None, key_id, ""
        transaction = messages.read_transaction(plain)
    except MetercashError as error:
        return None, key_id, str(error.data.get("reason", error.chinese))
    return (transaction if transaction.paid else None), key_id, ""
