"""Orders with payment providers and the money that came in."""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Header, Router, Schema

from metercash.contexts.customers import api as customers
from metercash.contexts.payments import api as payments
from metercash.interfaces.openapi import cursors
from metercash.interfaces.openapi.cursors import Cursor, Limit, Listed
from metercash.interfaces.openapi.security import scope
from metercash.interfaces.openapi.values import yuan
from metercash.kernel.money import Money
from metercash.platform import idempotency


router = Router(tags=["payments"])

Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=64)]


class OrderIn(Schema):
    """What to collect."""

    account_no: str
    amount: str


class OrderOut(Schema):
    """An order with a provider; show ``code_url`` as a QR code."""

    order_no: str
    amount: str
    code_url: str
    status: str
    expires_at: datetime | None


class PaymentOut(Schema):
    """Money that came in."""

    account_no: str
    amount: str
    channel: str
    occurred_at: datetime
    receipt_no: str


class PaymentList(Listed):
    """A page of payments."""

    items: list[PaymentOut]


@router.post("/orders", response={201: OrderOut}, summary="Open a payment order")
@scope("payments:write")
def create_order(request: HttpRequest, body: OrderIn, key: Key) -> HttpResponse:
    """Open an order once for an ``Idempotency-Key``; the same key again answers the same order."""

    def act() -> tuple[int, dict[str, Any]]:
        order = payments.create_order(
            account_id=customers.get_account_by_no(account_no=body.account_no).account_id,
            fen=Money.from_yuan(body.amount).fen,
            provider="WECHAT",
            idempotency_key=f"api:{key}",
            now=datetime.now(UTC),
        )
        return 201, OrderOut(**_order(order)).model_dump(mode="json")

    answer = idempotency.once(key=key, route="POST /v1/orders", body=request.body, act=act)
    response = JsonResponse(answer.body, status=answer.status)
    if answer.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


@router.get("/orders/{order_no}", response=OrderOut, summary="One order")
@scope("payments:read")
def get_order(request: HttpRequest, order_no: str) -> dict[str, Any]:
    """An order as we know it; whether money exists is decided by facts, not by its state."""
    return _order(payments.get_order(order_no=order_no))


@router.get("/payments", response=PaymentList, summary="List payments")
@scope("payments:read")
def list_payments(
    request: HttpRequest, account_no: str = "", limit: Limit = 50, starting_after: Cursor = ""
) -> dict[str, Any]:
    """Money in, newest first."""
    account_id = None
    if account_no:
        account_id = customers.get_account_by_no(account_no=account_no).account_id
    page = payments.list_payments(
        account_id=account_id, page=cursors.read(starting_after), per_page=limit
    )
    return cursors.answer(page, _payment)


def _order(order: Any) -> dict[str, Any]:
    return {
        "order_no": order.order_no,
        "amount": yuan(order.fen),
        "code_url": order.code_url or "",
        "status": order.status,
        "expires_at": order.expires_at,
    }


def _payment(row: Any) -> dict[str, Any]:
    return {
        "account_no": row.account_no,
        "amount": yuan(row.fen),
        "channel": row.channel,
        "occurred_at": row.occurred_at,
        "receipt_no": row.receipt_no or "",
    }
