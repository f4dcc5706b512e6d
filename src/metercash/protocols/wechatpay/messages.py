"""Orders, transactions, refunds, notifications and errors as the provider writes them in JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from metercash.protocols.wechatpay.errors import MessageRefused
from metercash.protocols.wechatpay.resource import Resource, read_resource


NATIVE_TARGET = "/v3/pay/transactions/native"
REFUND_TARGET = "/v3/refund/domestic/refunds"
CERTIFICATES_TARGET = "/v3/certificates"
DESCRIPTION_LENGTH_MAX = 127
ORDER_NO_LENGTH_MAX = 32


class TradeState(StrEnum):
    """States of a transaction at the provider."""

    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    NOTPAY = "NOTPAY"
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    USERPAYING = "USERPAYING"
    PAYERROR = "PAYERROR"


PAID_STATES = frozenset({TradeState.SUCCESS, TradeState.REFUND})


@dataclass(frozen=True, slots=True)
class NativeOrder:
    """A request for a code the customer scans; amount in fen."""

    app_id: str
    merchant_id: str
    order_no: str
    description: str
    amount_fen: int
    notify_url: str
    expires_at: datetime

    def to_body(self) -> bytes:
        """The request's body."""
        return dump(
            {
                "appid": self.app_id,
                "mchid": self.merchant_id,
                "description": self.description[:DESCRIPTION_LENGTH_MAX],
                "out_trade_no": self.order_no,
                "time_expire": self.expires_at.isoformat(timespec="seconds"),
                "notify_url": self.notify_url,
                "amount": {"total": self.amount_fen, "currency": "CNY"},
            }
        )


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a query or a notification says of one order.

    Attributes:
        transaction_id: The provider's number; empty until money moved.
        amount_fen: What the order asked for.
        payer_fen: What the customer paid; less than the amount by coupons.
        success_at: Aware instant of payment; None until it succeeded.
    """

    app_id: str
    merchant_id: str
    order_no: str
    trade_state: TradeState
    transaction_id: str = ""
    amount_fen: int | None = None
    payer_fen: int | None = None
    currency: str = "CNY"
    success_at: datetime | None = None
    trade_type: str = "NATIVE"

    @property
    def paid(self) -> bool:
        """Whether the customer's money was taken, even if some of it was refunded since."""
        return self.trade_state in PAID_STATES

    def to_json(self) -> dict[str, Any]:
        """The object as the provider writes it."""
        value: dict[str, Any] = {
            "appid": self.app_id,
            "mchid": self.merchant_id,
            "out_trade_no": self.order_no,
            "trade_type": self.trade_type,
            "trade_state": self.trade_state.value,
            "trade_state_desc": _STATE_WORDS[self.trade_state],
        }
        if self.amount_fen is not None:
            payer = self.amount_fen if self.payer_fen is None else self.payer_fen
            value["amount"] = {
                "total": self.amount_fen,
                "payer_total": payer,
                "currency": self.currency,
                "payer_currency": self.currency,
            }
        if self.transaction_id:
            value["transaction_id"] = self.transaction_id
            value["bank_type"] = "OTHERS"
            value["attach"] = ""
        if self.success_at:
            value["success_time"] = self.success_at.isoformat(timespec="seconds")
        return value


@dataclass(frozen=True, slots=True)
class Notification:
    """The envelope of a notification; its id names the notification, not the payment."""

    notification_id: str
    event_type: str
    resource: Resource
    created_at: str = ""
    summary: str = ""

    def to_body(self) -> bytes:
        """The body as the provider sends it."""
        return dump(
            {
                "id": self.notification_id,
                "create_time": self.created_at,
                "resource_type": "encrypt-resource",
                "event_type": self.event_type,
                "summary": self.summary,
                "resource": self.resource.to_json(),
            }
        )


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """A refund; the same refund number is one refund however often it is sent."""

    order_no: str
    refund_no: str
    reason: str
    refund_fen: int
    total_fen: int

    def to_body(self) -> bytes:
        """The request's body."""
        return dump(
            {
                "out_trade_no": self.order_no,
                "out_refund_no": self.refund_no,
                "reason": self.reason,
                "amount": {
                    "refund": self.refund_fen,
                    "total": self.total_fen,
                    "currency": "CNY",
                },
            }
        )


@dataclass(frozen=True, slots=True)
class Refund:
    """The provider's answer about a refund: PROCESSING, SUCCESS, CLOSED or ABNORMAL."""

    refund_id: str
    refund_no: str
    order_no: str
    transaction_id: str
    status: str
    refund_fen: int
    total_fen: int

    def to_json(self) -> dict[str, Any]:
        """The object as the provider writes it."""
        return {
            "refund_id": self.refund_id,
            "out_refund_no": self.refund_no,
            "out_trade_no": self.order_no,
            "transaction_id": self.transaction_id,
            "channel": "ORIGINAL",
            "status": self.status,
            "amount": {
                "refund": self.refund_fen,
                "total": self.total_fen,
                "currency": "CNY",
            },
        }


@dataclass(frozen=True, slots=True)
class BillAddress:
    """Where a statement is downloaded and the SHA-1 its bytes must have."""

    sha1: str
    download_url: str


def query_target(order_no: str, merchant_id: str) -> str:
    """Path and query asking for an order by our number."""
    path = quote(order_no, safe="")
    return f"/v3/pay/transactions/out-trade-no/{path}?mchid={quote(merchant_id, safe='')}"


def close_target(order_no: str) -> str:
    """Path that closes an order."""
    return f"/v3/pay/transactions/out-trade-no/{quote(order_no, safe='')}/close"


def close_body(merchant_id: str) -> bytes:
    """Body that closes an order."""
    return dump({"mchid": merchant_id})


def bill_target(day: str) -> str:
    """Path and query asking for the statement of a day, ``YYYY-MM-DD``."""
    return f"/v3/bill/tradebill?bill_date={quote(day, safe='')}&bill_type=ALL"


def read_code_url(body: bytes) -> str:
    """The code of a created order.

    Raises:
        MessageRefused: if it is not there.
    """
    return _text(load(body), "code_url")


def read_transaction(body: bytes) -> Transaction:
    """Read a query's answer or a notification's decrypted resource.

    Raises:
        MessageRefused: if a field is missing or of another kind.
    """
    value = load(body)
    amount = value.get("amount")
    if amount is not None and not isinstance(amount, dict):
        raise MessageRefused(reason="amount 不是对象")
    try:
        state = TradeState(_text(value, "trade_state"))
    except ValueError:
        raise MessageRefused(reason="未知的 trade_state") from None
    transaction = Transaction(
        app_id=_text(value, "appid", required=False),
        merchant_id=_text(value, "mchid"),
        order_no=_text(value, "out_trade_no"),
        trade_state=state,
        transaction_id=_text(value, "transaction_id", required=False),
        amount_fen=None if amount is None else _fen(amount, "total"),
        payer_fen=_fen(amount, "payer_total") if amount and "payer_total" in amount else None,
        currency="CNY" if not amount else _text(amount, "currency"),
        success_at=_instant(value.get("success_time")),
        trade_type=_text(value, "trade_type", required=False),
    )
    complete = transaction.transaction_id and transaction.amount_fen and transaction.success_at
    if transaction.paid and not complete:
        raise MessageRefused(reason="支付成功却缺少交易号、金额或时间")
    return transaction


def read_notification(body: bytes) -> Notification:
    """Read a notification's envelope.

    Raises:
        MessageRefused: if a field is missing.
    """
    value = load(body)
    return Notification(
        notification_id=_text(value, "id"),
        event_type=_text(value, "event_type"),
        resource=read_resource(value.get("resource")),
        created_at=_text(value, "create_time", required=False),
        summary=_text(value, "summary", required=False),
    )


def read_refund(body: bytes) -> Refund:
    """Read the answer about a refund.

    Raises:
        MessageRefused: if a field is missing.
    """
    value = load(body)
    amount = value.get("amount")
    if not isinstance(amount, dict):
        raise MessageRefused(reason="缺少 amount")
    return Refund(
        refund_id=_text(value, "refund_id"),
        refund_no=_text(value, "out_refund_no"),
        order_no=_text(value, "out_trade_no"),
        transaction_id=_text(value, "transaction_id", required=False),
        status=_text(value, "status"),
        refund_fen=_fen(amount, "refund"),
        total_fen=_fen(amount, "total"),
    )


def read_bill_address(body: bytes) -> BillAddress:
    """Read where a statement can be downloaded.

    Raises:
        MessageRefused: if a field is missing or the hash is not SHA-1.
    """
    value = load(body)
    if value.get("hash_type") != "SHA1":
        raise MessageRefused(reason="对账单摘要算法不是 SHA1")
    return BillAddress(_text(value, "hash_value").lower(), _text(value, "download_url"))


def read_error(body: bytes) -> tuple[str, str]:
    """The provider's error code and sentence; empty where the body is none of its own."""
    try:
        value = load(body)
    except MessageRefused:
        return "", ""
    return str(value.get("code", "")), str(value.get("message", ""))


def dump(value: dict[str, Any]) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def load(body: bytes) -> dict[str, Any]:
    """Read a JSON object; fractions become Decimal, never a float.

    Raises:
        MessageRefused: if it is no JSON object.
    """
    try:
        value = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise MessageRefused(reason="不是 JSON") from error
    if not isinstance(value, dict):
        raise MessageRefused(reason="不是 JSON 对象")
    return value


_STATE_WORDS = {
    TradeState.SUCCESS: "支付成功",
    TradeState.REFUND: "转入退款",
    TradeState.NOTPAY: "订单未支付",
    TradeState.CLOSED: "订单已关闭",
    TradeState.REVOKED: "订单已撤销",
    TradeState.USERPAYING: "用户支付中",
    TradeState.PAYERROR: "支付失败",
}


def _text(value: dict[str, Any], name: str, *, required: bool = True) -> str:
    found = value.get(name, "")
    if not isinstance(found, str) or (required and not found):
        raise MessageRefused(reason=f"缺少 {name}")
    return found


def _fen(value: dict[str, Any], name: str) -> int:
    found = value.get(name)
    if type(found) is not int or not 0 <= found < 10**13:
        raise MessageRefused(reason=f"{name} 不是以分计的整数")
    return found


def _instant(text: Any) -> datetime | None:
    if text is None or text == "":
        return None
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise MessageRefused(reason="时间格式不合规") from None
    if instant.tzinfo is None:
        raise MessageRefused(reason="时间缺少时区")
    return instant
