"""The simulator's HTTP server and how it is started."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from metercash.interfaces.simulators.wechat import keys as key_store
from metercash.interfaces.simulators.wechat.book import Book
from metercash.interfaces.simulators.wechat.handler import Handler
from metercash.interfaces.simulators.wechat.notifier import Notifier


SAVE_EVERY_S = 1.0
MERCHANT_ID = "1900000109"
APP_ID = "wxsimulator"


class Simulator(ThreadingHTTPServer):
    """One running provider; listens on 127.0.0.1 alone."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, home: Path, port: int) -> None:
        self.keys = key_store.load(home)
        self.book = Book.load(self.keys.folder / "book.json")
        self.notifier = Notifier(self.keys, self.book)
        self._ended = threading.Event()
        super().__init__(("127.0.0.1", port), Handler)
        self.base_url = f"http://127.0.0.1:{self.server_address[1]}"

    def begin(self) -> None:
        """Serve in the background."""
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()
        threading.Thread(target=self._keep_saving, daemon=True).start()

    def close(self) -> None:
        """Stop serving and keep the book."""
        self._ended.set()
        self.notifier.stop()
        self.shutdown()
        self.server_close()
        self.book.save()

    def _keep_saving(self) -> None:
        while not self._ended.wait(SAVE_EVERY_S):
            self.book.save()


def run(home: Path, port: int = 0) -> Simulator:
    """Start a simulator in this process; the caller closes it. Port 0 takes a free one."""
    simulator = Simulator(home, port)
    simulator.begin()
    return simulator


def start(home: Path, port: int) -> str:
    """Start a simulator that lives as long as this process.

    Returns:
        The address to set as ``base_url``.
    """
    return run(home, port).base_url


def provider_account(
    home: Path, base_url: str, notify_url: str, *, merchant_id: str = MERCHANT_ID
) -> dict[str, Any]:
    """Arguments for ``payments.api.configure_provider`` that point at a simulator.

    Each tenant takes a merchant number of its own, so that each has its own statement.
    """
    keys = key_store.load(home)
    return {
        "provider": "WECHAT",
        "merchant_id": merchant_id,
        "app_id": APP_ID,
        "settings": {
            "base_url": base_url,
            "pay_page": f"{base_url}/pay/",
            "notify_url": notify_url,
            "serial_no": key_store.MERCHANT_SERIAL,
            "private_key_file": str(keys.folder / "merchant_key.pem"),
            "api_v3_key_file": str(keys.folder / "api_v3.key"),
            "platform_keys": {
                keys.certificate_id: str(keys.folder / "platform_certificate.pem"),
                key_store.PUBLIC_KEY_ID: str(keys.folder / "successor_public.pem"),
            },
        },
    }
