"""Use cases that call the provider: each commits before and after the call, never holds a transaction open."""

from __future__ import annotations

from datetime import date, datetime

from metercash.contexts.payments import models, queries
from metercash.contexts.payments.contracts import (
    Order,
    OrderStatus,
    OrderUndecided,
    ProviderRefused,
    ProviderUnclear,
    Reconciliation,
    StatementNotReady,
)
from metercash.contexts.payments.operations import hearing, orders, reconciliation, wechat
from metercash.kernel.errors import MetercashError
from metercash.platform import db
from metercash.protocols.wechatpay import statement
from metercash.protocols.wechatpay.messages import TradeState


_ENDED = {
    TradeState.CLOSED: OrderStatus.CLOSED,
    TradeState.REVOKED: OrderStatus.CLOSED,
    TradeState.PAYERROR: OrderStatus.FAILED,
}


def create_order(
    *, account_id: int, fen: int, provider: str, idempotency_key: str, now: datetime
) -> Order:
    """Commit the intent, call, commit the answer; see ``api.create_order``."""
    with db.transaction():
        earlier = orders.known(
            idempotency_key=idempotency_key, account_id=account_id, fen=fen, provider=provider
        )
        undecided = [] if earlier else queries.undecided_orders(account_id)
    if earlier is not None:
        return earlier
    for order_no in undecided:
        if poll_order(order_no=order_no, now=now).unknown:
            raise OrderUndecided(order_no=order_no)
    with db.transaction():
        order, fresh = orders.draft(
            account_id=account_id,
            fen=fen,
            provider=provider,
            idempotency_key=idempotency_key,
            now=now,
        )
    return _send(order.order_no, now) if fresh else order


def poll_order(*, order_no: str, now: datetime) -> Order:
    """Claim the question, ask, commit what was heard; see ``api.poll_order``."""
    with db.transaction():
        current = queries.order(queries.order_row(order_no))
        if not orders.claim_poll(order_no=order_no, now=now):
            return current
        account = queries.order_row(order_no).provider_account
        credentials = orders.credentials_of(account)
    try:
        answer = wechat.query(credentials, order_no=order_no, now=now)
        if answer.ok:
            return _heard(account, credentials, answer, current, now)
        if answer.status == 404:
            return _unheard_of(current, now)
    except ProviderUnclear:
        pass
    with db.transaction():
        return queries.order(queries.order_row(order_no))


def poll_due(*, now: datetime, limit: int) -> int:
    """Poll what is due; one order's trouble does not stop the others."""
    with db.transaction():
        due = queries.due_orders(now, limit)
    for order_no in due:
        try:
            poll_order(order_no=order_no, now=now)
        except MetercashError:
            continue
    return len(due)


def reconcile(*, provider: str, day: date, now: datetime) -> Reconciliation:
    """Fetch, foot, then compare in one transaction; see ``api.reconcile``."""
    with db.transaction():
        account = queries.provider_account(provider)
        credentials = orders.credentials_of(account)
        if day >= queries.civil_day(now):
            raise StatementNotReady(day=day)
    raw = wechat.fetch_statement(credentials, day=day.isoformat(), now=now)
    parsed = statement.parse(raw)
    with db.transaction():
        return reconciliation.reconcile(
            account=account, day=day, raw=raw, statement=parsed, now=now
        )


def _send(order_no: str, now: datetime) -> Order:
    with db.transaction():
        credentials, message = orders.native_order(order_no)
    try:
        code_url = wechat.create(credentials, order=message, now=now)
    except ProviderUnclear:
        with db.transaction():
            return orders.record_unknown(order_no=order_no)
    except ProviderRefused as refusal:
        with db.transaction():
            orders.record_end(order_no=order_no, status=OrderStatus.FAILED, failure=refusal.chinese)
        raise
    with db.transaction():
        return orders.record_code(order_no=order_no, code_url=code_url)


def _heard(
    account: models.ProviderAccount,
    credentials: wechat.Credentials,
    answer: wechat.Answer,
    current: Order,
    now: datetime,
) -> Order:
    with db.transaction():
        transaction = hearing.hear_answer(account=account, answer=answer, now=now)
        if transaction.paid:
            return queries.order(queries.order_row(current.order_no))
        if transaction.trade_state in _ENDED:
            return orders.record_end(
                order_no=current.order_no, status=_ENDED[transaction.trade_state]
            )
        asked = orders.record_asked(order_no=current.order_no)
    if now >= current.expires_at:
        return _close(credentials, asked, now)
    return asked if asked.code_url else _send(asked.order_no, now)


def _unheard_of(current: Order, now: datetime) -> Order:
    """The provider does not know the order: our call never arrived, so sending it again is safe."""
    if now < current.expires_at:
        return _send(current.order_no, now)
    with db.transaction():
        return orders.record_end(order_no=current.order_no, status=OrderStatus.CLOSED)


def _close(credentials: wechat.Credentials, order: Order, now: datetime) -> Order:
    if not wechat.close(credentials, order_no=order.order_no, now=now):
        return order
    with db.transaction():
        return orders.record_end(order_no=order.order_no, status=OrderStatus.CLOSED)
