"""Calling WeChat Pay over HTTPS. No database here: the caller commits its intent before and the answer after."""

from __future__ import annotations

import hashlib
import json
import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from metercash.contexts.payments.contracts import (
    CredentialCheck,
    ProviderNotConfigured,
    ProviderRefused,
    ProviderUnclear,
    StatementChanged,
    StatementNotReady,
)
from metercash.kernel.errors import MetercashError
from metercash.platform import sealing
from metercash.protocols.wechatpay import messages, resource, signing


SEALED_FOR = "wechat.credentials"
TIMEOUT = httpx.Timeout(8.0, connect=3.0)
STATEMENT_BYTES_MAX = 512 * 1024 * 1024
_NO_STATEMENT = frozenset({"NO_STATEMENT_EXIST", "STATEMENT_CREATING"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the account's settings name, with the keys read from their files."""

    merchant_id: str
    app_id: str
    base_url: str
    notify_url: str
    serial_no: str
    private_key: RSAPrivateKey
    api_v3_key: bytes
    keyring: signing.Keyring


@dataclass(frozen=True, slots=True)
class Answer:
    """A verified answer of the provider."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    key_id: str

    @property
    def ok(self) -> bool:
        """Whether the provider did what was asked."""
        return 200 <= self.status < 300

    @property
    def error(self) -> str:
        """The provider's error code."""
        return messages.read_error(self.body)[0]


def credentials(*, merchant_id: str, app_id: str, settings: Mapping[str, Any]) -> Credentials:
    """Read the keys the settings name.

    Raises:
        ProviderNotConfigured: if a setting is missing or a key cannot be read.
    """
    try:
        private_key, api_v3_key, platform_keys = _secrets(settings)
        return Credentials(
            merchant_id=merchant_id,
            app_id=app_id,
            base_url=str(settings["base_url"]).rstrip("/"),
            notify_url=str(settings["notify_url"]),
            serial_no=str(settings["serial_no"]),
            private_key=signing.private_key(private_key),
            api_v3_key=resource.check_key(api_v3_key.strip()),
            keyring=signing.Keyring(
                platform_key(key_id, pem) for key_id, pem in platform_keys.items()
            ),
        )
    except (KeyError, OSError, MetercashError) as error:
        raise ProviderNotConfigured(provider="微信支付") from error


def _secrets(settings: Mapping[str, Any]) -> tuple[bytes, bytes, dict[str, bytes]]:
    """Private key, APIv3 key and platform keys: sealed in the settings, or in the files they name."""
    if "sealed" in settings:
        sealed = json.loads(sealing.unseal(settings["sealed"], purpose=SEALED_FOR))
        platform = {key_id: pem.encode() for key_id, pem in sealed["platform_keys"].items()}
        return sealed["private_key"].encode(), sealed["api_v3_key"].encode(), platform
    files = settings["platform_keys"].items()
    platform = {key_id: Path(file).read_bytes() for key_id, file in files}
    private = Path(settings["private_key_file"]).read_bytes()
    return private, Path(settings["api_v3_key_file"]).read_bytes(), platform


def probe(account: Credentials, *, now: datetime) -> CredentialCheck:
    """Ask for an order that does not exist; only the signatures on both ways are of interest."""
    target = messages.query_target("METERCASHCHECK", account.merchant_id)
    try:
        response = _send(account, "GET", target, b"", now)
    except ProviderUnclear:
        return CredentialCheck(
            account.base_url, reached=False, signed=False, verified=False, reason="无法连接"
        )
    signed = response.status_code in (200, 404)
    reason = "" if signed else messages.read_error(response.content)[0] or "HTTP 状态异常"
    try:
        signing.verify_answer(
            headers=dict(response.headers), body=response.content, keyring=account.keyring, now=now
        )
    except MetercashError as error:
        reason = "；".join(filter(None, (reason, error.chinese)))
        return CredentialCheck(
            account.base_url, reached=True, signed=signed, verified=False, reason=reason
        )
    return CredentialCheck(
        account.base_url, reached=True, signed=signed, verified=True, reason=reason
    )


def create(account: Credentials, *, order: messages.NativeOrder, now: datetime) -> str:
    """Create an order; the same order again answers a fresh code.

    Returns:
        The code to show as QR.

    Raises:
        ProviderRefused: if the provider says no.
        ProviderUnclear: if it may have been created.
    """
    answer = _call(account, "POST", messages.NATIVE_TARGET, order.to_body(), now)
    if not answer.ok:
        raise ProviderRefused(reason=answer.error or str(answer.status))
    try:
        return messages.read_code_url(answer.body)
    except MetercashError as error:
        raise ProviderUnclear from error


def query(account: Credentials, *, order_no: str, now: datetime) -> Answer:
    """Ask what became of an order; a 404 answer means the provider never heard of it.

    Raises:
        ProviderUnclear: if there is no clear answer.
    """
    return _call(account, "GET", messages.query_target(order_no, account.merchant_id), b"", now)


def close(account: Credentials, *, order_no: str, now: datetime) -> bool:
    """Close an order.

    Returns:
        Whether it is closed; False where it turned out paid and must be queried.

    Raises:
        ProviderUnclear: if there is no clear answer.
        ProviderRefused: if the provider says no for another reason.
    """
    body = messages.close_body(account.merchant_id)
    answer = _call(account, "POST", messages.close_target(order_no), body, now)
    if answer.ok or answer.error in {"ORDER_CLOSED", "ORDER_NOT_EXIST"}:
        return True
    if answer.error == "ORDERPAID":
        return False
    raise ProviderRefused(reason=answer.error or str(answer.status))


def fetch_statement(account: Credentials, *, day: str, now: datetime) -> bytes:
    """Download the statement of a day and check it against the announced hash; the download is unsigned.

    Raises:
        StatementNotReady: if the provider has none (yet).
        StatementChanged: if the bytes are not those announced.
        ProviderUnclear: if there is no clear answer.
    """
    answer = _call(account, "GET", messages.bill_target(day), b"", now)
    if not answer.ok:
        if answer.error in _NO_STATEMENT:
            raise StatementNotReady(day=day)
        raise ProviderRefused(reason=answer.error or str(answer.status))
    address = messages.read_bill_address(answer.body)
    parts = urlsplit(address.download_url)
    if f"{parts.scheme}://{parts.netloc}" != account.base_url:
        raise ProviderRefused(reason="对账单下载地址不在渠道域名下")
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    response = _send(account, "GET", target, b"", now)
    raw = response.content
    if response.status_code != 200 or len(raw) > STATEMENT_BYTES_MAX:
        raise ProviderUnclear
    if hashlib.sha1(raw, usedforsecurity=False).hexdigest() != address.sha1:
        raise StatementChanged(day=day)
    return raw


def platform_key(key_id: str, pem: bytes) -> signing.VerifyingKey:
    """A key of the platform from its certificate or public key."""
    if b"CERTIFICATE" in pem:
        return signing.certificate_key(pem)
    return signing.public_key(key_id, pem)


def _call(account: Credentials, method: str, target: str, body: bytes, now: datetime) -> Answer:
    response = _send(account, method, target, body, now)
    if response.status_code >= 500 or response.status_code == 429:
        raise ProviderUnclear
    headers = dict(response.headers)
    try:
        key_id = signing.verify_answer(
            headers=headers, body=response.content, keyring=account.keyring, now=now
        )
    except MetercashError as error:
        raise ProviderUnclear from error
    return Answer(response.status_code, response.content, headers, key_id)


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities of the web, read once: reading them takes longer than a request."""
    return httpx.create_ssl_context(trust_env=False)


def _send(
    account: Credentials, method: str, target: str, body: bytes, now: datetime
) -> httpx.Response:
    header = signing.authorization(
        merchant_id=account.merchant_id,
        serial_no=account.serial_no,
        key=account.private_key,
        method=method,
        target=target,
        timestamp=int(now.timestamp()),
        nonce=secrets.token_hex(16),
        body=body,
    )
    headers = {
        "Authorization": header,
        "Accept": "application/json",
        "Content-Type": "application/json",
        "User-Agent": "metercash",
    }
    try:
        with httpx.Client(timeout=TIMEOUT, verify=_trusted(), trust_env=False) as client:
            return client.request(method, account.base_url + target, content=body, headers=headers)
    except httpx.HTTPError as error:
        raise ProviderUnclear from error
