"""Requests to the simulator: the provider's API, the phone page, and the control panel for tests."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol, cast
from urllib.parse import parse_qs, unquote, urlsplit

from metercash.interfaces.simulators.wechat import pages
from metercash.interfaces.simulators.wechat.book import FAULTS, Book, Order
from metercash.interfaces.simulators.wechat.keys import Keys
from metercash.interfaces.simulators.wechat.notifier import Notifier, signed
from metercash.kernel.errors import MetercashError
from metercash.protocols.wechatpay import messages, resource, signing, statement
from metercash.protocols.wechatpay.messages import TradeState


class Provider(Protocol):
    """The server a handler works for."""

    keys: Keys
    book: Book
    notifier: Notifier
    base_url: str


BODY_MAX = 1024 * 1024
_ORDER = re.compile(r"^/v3/pay/transactions/out-trade-no/([^/]+)(/close)?$")


class Refused(Exception):
    """An error answer of the provider."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    @property
    def simulator(self) -> Provider:
        """The server this request came to."""
        return cast("Provider", self.server)

    def do_GET(self) -> None:
        """Answer a GET."""
        self._route()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._route()

    def log_message(self, *_: object) -> None:
        """Say nothing: the merchant logs its own calls."""

    def _route(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_MAX:
            self._send(413, b"", "text/plain")
            return
        self.body = self.rfile.read(length)
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            if parts.path.startswith("/v3/"):
                self._api(parts.path)
            elif parts.path.startswith("/pay/"):
                self._pay_page(unquote(parts.path.removeprefix("/pay/")))
            elif parts.path.startswith("/control/"):
                self._control(parts.path.removeprefix("/control/"))
            elif parts.path == "/static/phone.css":
                self._send(200, pages.STYLE.encode(), "text/css; charset=utf-8")
            else:
                self._send(404, pages.missing_page().encode(), "text/html; charset=utf-8")
        except Refused as refusal:
            body = messages.dump({"code": refusal.code, "message": refusal.message})
            self._send(refusal.status, body, "application/json", self._signature(body))
        except (MetercashError, KeyError, ValueError) as error:
            body = messages.dump({"code": "PARAM_ERROR", "message": str(error)})
            self._send(400, body, "application/json", self._signature(body))

    def _api(self, path: str) -> None:
        self.merchant_id = self._authenticate()
        if path == "/v3/bill/file":
            self._download()
            return
        if self.simulator.book.take_fault("down"):
            raise Refused(500, "SYSTEM_ERROR", "系统错误")
        if self.command == "POST" and self.simulator.book.take_fault("lose_request"):
            self.close_connection = True
            return
        if self.command == "POST" and self.simulator.book.take_fault("refuse"):
            raise Refused(403, "NO_AUTH", "商户无权限")
        answer = self._answer(path)
        if self.simulator.book.faults.get("lose_answer") and self.command == "POST":
            self.simulator.book.take_fault("lose_answer")
            self.close_connection = True
            return
        body = b"" if answer is None else messages.dump(answer)
        status = 204 if answer is None else 200
        self._send(status, body, "application/json", self._signature(body))

    def _answer(self, path: str) -> dict[str, Any] | None:
        if path == messages.NATIVE_TARGET:
            return self._create()
        if path == messages.REFUND_TARGET:
            return self._refund()
        if path == messages.CERTIFICATES_TARGET:
            return self._certificates()
        if path == "/v3/bill/tradebill":
            return self._bill()
        found = _ORDER.match(path)
        if found is None:
            raise Refused(404, "RESOURCE_NOT_EXISTS", "没有这个接口")
        order = self._order(unquote(found[1]))
        if found[2]:
            if not order.paid and self.simulator.book.take_fault("pay_on_close"):
                last = datetime.fromisoformat(order.expires_at) - timedelta(seconds=1)
                order = self._pay_and_tell(order.order_no, at=last) or order
            if order.paid:
                raise Refused(400, "ORDERPAID", "订单已支付")
            self.simulator.book.put(replace(order, state=TradeState.CLOSED))
            return None
        if order.paid and self.simulator.book.take_fault("query_lag"):
            order = replace(order, state=TradeState.NOTPAY, transaction_id="", paid_at="")
        return order.transaction().to_json()

    def _authenticate(self) -> str:
        try:
            given = signing.parse_authorization(self.headers.get("Authorization", ""))
            message = signing.request_message(
                method=self.command,
                target=self.path,
                timestamp=given.timestamp,
                nonce=given.nonce,
                body=self.body,
            )
            key = self.simulator.keys.merchant.public_key()
            signing.verify_bytes(key, message, given.signature)
        except MetercashError as error:
            raise Refused(401, "SIGN_ERROR", str(error)) from error
        self.simulator.book.follow(given.timestamp)
        return given.merchant_id

    def _create(self) -> dict[str, Any]:
        value = messages.load(self.body)
        book = self.simulator.book
        fen = value["amount"]["total"]
        order = Order(
            order_no=value["out_trade_no"],
            merchant_id=value["mchid"],
            app_id=value["appid"],
            description=value["description"],
            fen=fen,
            notify_url=value["notify_url"],
            expires_at=value["time_expire"],
        )
        if type(fen) is not int or fen <= 0 or len(order.order_no) > messages.ORDER_NO_LENGTH_MAX:
            raise Refused(400, "PARAM_ERROR", "参数错误")
        with book.lock:
            known = book.orders.get(order.order_no)
            if known is not None and (known.fen, known.merchant_id) != (fen, order.merchant_id):
                raise Refused(400, "INVALID_REQUEST", "商户订单号重复且参数不一致")
            if known is not None and known.paid:
                raise Refused(400, "ORDERPAID", "订单已支付")
            book.put(order)
        if book.take_fault("early_notify"):
            paid = book.pay(order.order_no)
            if paid is not None:
                self.simulator.notifier.send_now(paid)
        return {"code_url": f"{self.simulator.base_url}/pay/{order.order_no}"}

    def _refund(self) -> dict[str, Any]:
        value = messages.load(self.body)
        order = self._order(value["out_trade_no"])
        fen, refund_no = value["amount"]["refund"], value["out_refund_no"]
        book = self.simulator.book
        with book.lock:
            done = {no: (refund_id, amount) for no, refund_id, amount, _ in order.refunds}
            if refund_no not in done:
                if not order.paid or sum(a for _, a in done.values()) + fen > order.fen:
                    raise Refused(400, "INVALID_REQUEST", "退款金额超过可退金额")
                book.serial += 1
                refund_id = f"50300{book.now():%Y%m%d%H%M%S}{book.serial:09d}"
                at = book.now().isoformat(timespec="seconds")
                entry = (refund_no, refund_id, fen, at)
                book.put(replace(order, state=TradeState.REFUND, refunds=(*order.refunds, entry)))
                done[refund_no] = (refund_id, fen)
        refund_id, fen = done[refund_no]
        return messages.Refund(
            refund_id=refund_id,
            refund_no=refund_no,
            order_no=order.order_no,
            transaction_id=order.transaction_id,
            status="SUCCESS",
            refund_fen=fen,
            total_fen=order.fen,
        ).to_json()

    def _certificates(self) -> dict[str, Any]:
        keys = self.simulator.keys
        sealed = resource.encrypt(
            keys.certificate_pem,
            key=keys.api_v3_key,
            nonce=secrets.token_hex(6),
            associated_data="certificate",
        ).to_json()
        sealed.pop("original_type")
        return {"data": [{"serial_no": keys.certificate_id, "encrypt_certificate": sealed}]}

    def _bill(self) -> dict[str, Any]:
        day = date.fromisoformat(self.query["bill_date"])
        book = self.simulator.book
        if day >= book.now().date() or book.take_fault("statement_late"):
            raise Refused(400, "NO_STATEMENT_EXIST", "账单不存在")
        raw = statement.write(book.lines(self.merchant_id, day))
        if book.take_fault("statement_truncated"):
            raw = raw[: len(raw) * 2 // 3]
        name = secrets.token_hex(16)
        self.simulator.keys.folder.joinpath(f"bill-{name}.csv").write_bytes(raw)
        return {
            "hash_type": "SHA1",
            "hash_value": hashlib.sha1(raw, usedforsecurity=False).hexdigest(),
            "download_url": f"{self.simulator.base_url}/v3/bill/file?token={name}",
        }

    def _download(self) -> None:
        name = self.query.get("token", "")
        if not re.fullmatch(r"[0-9a-f]{32}", name):
            raise Refused(404, "RESOURCE_NOT_EXISTS", "文件不存在")
        file = self.simulator.keys.folder / f"bill-{name}.csv"
        if not file.exists():
            raise Refused(404, "RESOURCE_NOT_EXISTS", "文件不存在")
        self._send(200, file.read_bytes(), "text/plain")
        file.unlink()

    def _order(self, order_no: str) -> Order:
        order = self.simulator.book.orders.get(order_no)
        if order is None or order.merchant_id != self.merchant_id:
            raise Refused(404, "ORDER_NOT_EXIST", "订单不存在")
        return order

    def _pay_and_tell(self, order_no: str, *, at: datetime | None = None) -> Order | None:
        paid = self.simulator.book.pay(order_no, at=at)
        if paid is not None:
            self.simulator.notifier.notify(paid)
        return paid

    def _pay_page(self, order_no: str) -> None:
        order = self.simulator.book.orders.get(order_no)
        if order is not None and self.command == "POST" and not order.paid:
            order = self._pay_and_tell(order_no) or replace(order, state=TradeState.CLOSED)
        page = pages.missing_page() if order is None else pages.pay_page(order)
        self._send(404 if order is None else 200, page.encode(), "text/html; charset=utf-8")

    def _control(self, action: str) -> None:
        """For tests and demos: read or set faults, pay an order, list orders."""
        book = self.simulator.book
        value = messages.load(self.body) if self.body else {}
        answer: dict[str, Any]
        if action == "faults":
            unknown = set(value) - FAULTS
            if unknown:
                raise ValueError(f"unknown faults: {sorted(unknown)}")
            book.faults.update({name: int(count) for name, count in value.items()})
            answer = dict(book.faults)
        elif action == "pay" and self.command == "POST":
            at = datetime.fromisoformat(value["at"]) if value.get("at") else None
            paid = book.pay(value["order_no"], at=at)
            if paid is None:
                raise ValueError("the order cannot be paid")
            if value.get("notify", True):
                self.simulator.notifier.notify(paid)
            answer = paid.transaction().to_json()
        elif action == "orders":
            with book.lock:
                answer = {"orders": [o.transaction().to_json() for o in book.orders.values()]}
        else:
            raise ValueError("unknown action")
        self._send(200, messages.dump(answer), "application/json")

    def _signature(self, body: bytes) -> dict[str, str]:
        return signed(self.simulator.keys, self.simulator.book, body)

    def _send(
        self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        shown = {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": pages.POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            **(headers or {}),
        }
        for name, content in shown.items():
            if status != 204 or name != "Content-Length":
                self.send_header(name, content)
        self.end_headers()
        if status != 204:
            self.wfile.write(body)
