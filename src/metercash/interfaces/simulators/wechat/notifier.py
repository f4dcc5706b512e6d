"""Sending notifications, with the faults real networks show."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import replace

import httpx

from metercash.interfaces.simulators.wechat.book import Book, Order
from metercash.interfaces.simulators.wechat.keys import PUBLIC_KEY_ID, Keys
from metercash.protocols.wechatpay import messages, resource, signing


RETRY_DELAYS_S = (0, 15, 15, 30, 180)
DELAY_S = 3
TIMEOUT_S = 5


def signed(keys: Keys, book: Book, body: bytes) -> dict[str, str]:
    """Headers that sign a body now, by the certificate or, once rotated, by the public key."""
    rotated = book.faults.get("rotate_key", 0) != 0
    return signing.answer_headers(
        key=keys.successor if rotated else keys.platform,
        key_id=PUBLIC_KEY_ID if rotated else keys.certificate_id,
        timestamp=int(book.now().timestamp()),
        nonce=secrets.token_hex(16),
        body=body,
    )


class Notifier:
    """Sends in threads of its own; what was not answered 2xx is sent again."""

    def __init__(self, keys: Keys, book: Book) -> None:
        self._keys = keys
        self._book = book
        self._held: Order | None = None
        self._stopped = threading.Event()

    def notify(self, order: Order) -> None:
        """Tell the merchant of a payment, unless a fault says otherwise."""
        if not order.notify_url or self._book.take_fault("drop"):
            return
        if self._book.take_fault("reorder"):
            self._held = order
            return
        queue, self._held = [order, *([self._held] if self._held else [])], None
        for each in queue:
            copies = 2 if self._book.take_fault("duplicate") else 1
            for _ in range(copies):
                threading.Thread(target=self._deliver, args=(each,), daemon=True).start()

    def send_now(self, order: Order) -> bool:
        """One attempt in this thread; whether it was answered 2xx."""
        body = self.body(order)
        headers = signed(self._keys, self._book, body)
        return self._post(order.notify_url, body, headers)

    def body(self, order: Order) -> bytes:
        """The sealed notification of a paid order."""
        told = order.transaction()
        if self._book.take_fault("wrong_amount") and told.amount_fen is not None:
            told = replace(told, amount_fen=told.amount_fen + 1)
        if self._book.take_fault("wrong_merchant"):
            told = replace(told, merchant_id="1999999999")
        sealed = resource.encrypt(
            messages.dump(told.to_json()),
            key=self._keys.api_v3_key,
            nonce=secrets.token_hex(6),
            associated_data="transaction",
        )
        return messages.Notification(
            notification_id=secrets.token_hex(16),
            event_type="TRANSACTION.SUCCESS",
            resource=sealed,
            created_at=self._book.now().isoformat(),
            summary="支付成功",
        ).to_body()

    def stop(self) -> None:
        """Send nothing more."""
        self._stopped.set()

    def _deliver(self, order: Order) -> None:
        if self._book.take_fault("delay"):
            time.sleep(DELAY_S)
        if self._book.take_fault("probe"):
            body = self.body(order)
            headers = signed(self._keys, self._book, body)
            headers["Wechatpay-Signature"] = signing.PROBE_PREFIX + secrets.token_hex(32)
            self._post(order.notify_url, body, headers)
        for delay in RETRY_DELAYS_S:
            if self._stopped.wait(delay) or self.send_now(order):
                return

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> bool:
        try:
            with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client:
                answer = client.post(
                    url, content=body, headers={**headers, "Content-Type": "application/json"}
                )
        except httpx.HTTPError:
            return False
        return answer.is_success
