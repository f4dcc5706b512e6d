"""What to do about money that was observed: the order it names never decides whether it exists."""

from __future__ import annotations

from dataclasses import dataclass

from metercash.contexts.payments.contracts import (
    BreakKind,
    FactKind,
    Observation,
    OrderStatus,
)


@dataclass(frozen=True, slots=True)
class OrderState:
    """The order as it stands under lock.

    Attributes:
        settled_txn: Provider's number of the payment that settled it; empty if none.
    """

    account_id: int
    fen: int
    status: str
    settled_txn: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a fact.

    Attributes:
        account_id: Customer to credit; None sends the money to suspense.
        break_kind: What to have explained; None where all agrees.
        expected_fen: What we thought the amount was.
        order_status: New status of the order; None leaves it.
    """

    account_id: int | None = None
    break_kind: BreakKind | None = None
    expected_fen: int | None = None
    order_status: OrderStatus | None = None


def judge(seen: Observation, *, merchant_id: str, order: OrderState | None) -> Verdict:
    """Compare an observation with our merchant number and the order it names."""
    if seen.kind == FactKind.REFUND:
        return Verdict(break_kind=BreakKind.REFUND)
    if seen.merchant_id != merchant_id or seen.currency != "CNY":
        return Verdict(break_kind=BreakKind.MERCHANT)
    if order is None:
        return Verdict(break_kind=BreakKind.UNKNOWN_ORDER)
    return _judge_by_order(seen, order)


def _judge_by_order(seen: Observation, order: OrderState) -> Verdict:
    if order.settled_txn:
        return Verdict(break_kind=BreakKind.DUPLICATE, expected_fen=0)
    if order.fen != seen.fen:
        return Verdict(break_kind=BreakKind.AMOUNT, expected_fen=order.fen)
    late = order.status in {OrderStatus.CLOSED, OrderStatus.FAILED}
    return Verdict(
        account_id=order.account_id,
        break_kind=BreakKind.LATE if late else None,
        expected_fen=order.fen,
        order_status=OrderStatus.SUCCEEDED_LATE if late else OrderStatus.SUCCEEDED,
    )
