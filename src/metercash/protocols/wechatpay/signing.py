"""Signatures: of our requests, and of the provider's answers and notifications over their raw body."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from metercash.protocols.wechatpay.errors import MessageRefused, SignatureRefused


SCHEME = "WECHATPAY2-SHA256-RSA2048"
PROBE_PREFIX = "WECHATPAY/SIGNTEST/"
PUBLIC_KEY_PREFIX = "PUB_KEY_ID_"
CLOCK_SKEW_MAX = timedelta(seconds=300)
RSA_BITS_MIN = 2048

_AUTHORIZATION_PART = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """One of the provider's keys.

    Attributes:
        key_id: Certificate serial in upper-case hex, or a ``PUB_KEY_ID_…``.
        valid_from: Start of the certificate's validity; None for a bare public key.
        valid_until: End of it, exclusive.
    """

    key_id: str
    key: RSAPublicKey
    valid_from: datetime | None = None
    valid_until: datetime | None = None


class Keyring:
    """Certificates and public keys side by side; each message names the one it was signed with."""

    def __init__(self, keys: Iterable[VerifyingKey]) -> None:
        self._keys = {_canonical(key.key_id): key for key in keys}

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key_id: str) -> bool:
        return _canonical(key_id) in self._keys

    def get(self, key_id: str, *, now: datetime) -> RSAPublicKey:
        """The key of that name, if it is known and valid now.

        Raises:
            SignatureRefused: otherwise.
        """
        found = self._keys.get(_canonical(key_id))
        if found is None:
            raise SignatureRefused(reason=f"未知的平台证书或公钥 {key_id[:80]}")
        if found.valid_from and now < found.valid_from:
            raise SignatureRefused(reason=f"平台证书 {key_id[:80]} 尚未生效")
        if found.valid_until and now >= found.valid_until:
            raise SignatureRefused(reason=f"平台证书 {key_id[:80]} 已过期")
        return found.key


@dataclass(frozen=True, slots=True)
class Authorization:
    """The fields of a request's ``Authorization`` header."""

    merchant_id: str
    serial_no: str
    nonce: str
    timestamp: int
    signature: str


def certificate_key(pem: bytes) -> VerifyingKey:
    """Read a platform certificate.

    Raises:
        MessageRefused: if it is no certificate of an RSA key of at least 2048 bits.
    """
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = certificate.public_key()
    except ValueError as error:
        raise MessageRefused(reason="平台证书无法读取") from error
    return VerifyingKey(
        key_id=f"{certificate.serial_number:X}",
        key=_rsa(key),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )


def public_key(key_id: str, pem: bytes) -> VerifyingKey:
    """Read a bare platform public key known by its ``PUB_KEY_ID_…``.

    Raises:
        MessageRefused: if it is no RSA public key of at least 2048 bits.
    """
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError as error:
        raise MessageRefused(reason="平台公钥无法读取") from error
    return VerifyingKey(key_id=key_id, key=_rsa(key))


@lru_cache(maxsize=64)
def private_key(pem: bytes) -> RSAPrivateKey:
    """Read the merchant's private key; kept, because reading one checks that its numbers are primes.

    Raises:
        MessageRefused: if it is no unencrypted RSA private key.
    """
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise MessageRefused(reason="商户私钥无法读取") from error
    if not isinstance(key, RSAPrivateKey):
        raise MessageRefused(reason="商户私钥不是 RSA 密钥")
    return key


def request_message(*, method: str, target: str, timestamp: int, nonce: str, body: bytes) -> bytes:
    """The bytes a request signs.

    Args:
        target: Path and query exactly as sent, percent-encoded.
    """
    return f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def answer_message(*, timestamp: str, nonce: str, body: bytes) -> bytes:
    """The bytes an answer or a notification signs."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """RSA-SHA256 with PKCS #1 v1.5 padding, in base64."""
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def authorization(
    *,
    merchant_id: str,
    serial_no: str,
    key: RSAPrivateKey,
    method: str,
    target: str,
    timestamp: int,
    nonce: str,
    body: bytes,
) -> str:
    """The ``Authorization`` header of a request."""
    signature = sign(
        key,
        request_message(method=method, target=target, timestamp=timestamp, nonce=nonce, body=body),
    )
    return (
        f'{SCHEME} mchid="{merchant_id}",nonce_str="{nonce}",timestamp="{timestamp}",'
        f'serial_no="{serial_no}",signature="{signature}"'
    )


def parse_authorization(header: str) -> Authorization:
    """Read an ``Authorization`` header, as the provider does.

    Raises:
        SignatureRefused: if the scheme is another or a field is missing.
    """
    scheme, _, rest = header.partition(" ")
    parts = dict(_AUTHORIZATION_PART.findall(rest))
    wanted = {"mchid", "nonce_str", "timestamp", "serial_no", "signature"}
    if scheme != SCHEME or not wanted <= parts.keys() or not parts["timestamp"].isdecimal():
        raise SignatureRefused(reason="Authorization 头不完整")
    return Authorization(
        merchant_id=parts["mchid"],
        serial_no=parts["serial_no"],
        nonce=parts["nonce_str"],
        timestamp=int(parts["timestamp"]),
        signature=parts["signature"],
    )


def verify_bytes(key: RSAPublicKey, message: bytes, signature: str) -> None:
    """Check a base64 signature over a message.

    Raises:
        SignatureRefused: if it does not hold.
    """
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
    except (binascii.Error, ValueError, InvalidSignature) as error:
        raise SignatureRefused(reason="签名与内容不符") from error


def answer_headers(
    *, key: RSAPrivateKey, key_id: str, timestamp: int, nonce: str, body: bytes
) -> dict[str, str]:
    """The headers by which the provider signs an answer or a notification."""
    message = answer_message(timestamp=str(timestamp), nonce=nonce, body=body)
    return {
        "Wechatpay-Timestamp": str(timestamp),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": key_id,
        "Wechatpay-Signature": sign(key, message),
        "Wechatpay-Signature-Type": SCHEME,
    }


def verify_answer(
    *, headers: Mapping[str, str], body: bytes, keyring: Keyring, now: datetime
) -> str:
    """Check an answer or a notification before a byte of it is believed.

    Args:
        headers: Names in any case.
        body: Raw, exactly as received.
        now: Aware instant; the message may differ from it by less than 300 seconds.

    Returns:
        The id of the key that signed.

    Raises:
        SignatureRefused: if a header is missing, the message stale, the key unknown, or the signature wrong;
            the provider's probes (``WECHATPAY/SIGNTEST/``) are refused like any wrong signature.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        timestamp = lower["wechatpay-timestamp"]
        nonce = lower["wechatpay-nonce"]
        key_id = lower["wechatpay-serial"]
        signature = lower["wechatpay-signature"]
    except KeyError as error:
        raise SignatureRefused(reason=f"缺少 {error.args[0]} 头") from None
    if signature.startswith(PROBE_PREFIX):
        raise SignatureRefused(reason="签名探测流量")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise SignatureRefused(reason="时间戳不是数字")
    if abs(now.timestamp() - int(timestamp)) >= CLOCK_SKEW_MAX.total_seconds():
        raise SignatureRefused(reason="时间戳与本机相差超过五分钟")
    message = answer_message(timestamp=timestamp, nonce=nonce, body=body)
    verify_bytes(keyring.get(key_id, now=now), message, signature)
    return key_id


def _rsa(key: object) -> RSAPublicKey:
    if not isinstance(key, RSAPublicKey) or key.key_size < RSA_BITS_MIN:
        raise MessageRefused(reason="平台密钥不是 2048 位以上的 RSA 密钥")
    return key


def _canonical(key_id: str) -> str:
    if key_id.startswith(PUBLIC_KEY_PREFIX):
        return key_id
    return key_id.upper().lstrip("0")
