"""Encrypted resources: AEAD_AES_256_GCM with the merchant's APIv3 key."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from metercash.protocols.wechatpay.errors import MessageRefused, ResourceRefused


ALGORITHM = "AEAD_AES_256_GCM"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Resource:
    """Ciphertext with its tag, in base64, and what is needed to open it."""

    ciphertext: str
    nonce: str
    associated_data: str
    original_type: str = "transaction"

    def to_json(self) -> dict[str, str]:
        """The object as the provider writes it."""
        return {
            "original_type": self.original_type,
            "algorithm": ALGORITHM,
            "ciphertext": self.ciphertext,
            "associated_data": self.associated_data,
            "nonce": self.nonce,
        }


def read_resource(value: Any) -> Resource:
    """Read the ``resource`` object of a notification.

    Raises:
        MessageRefused: if a field is missing or the algorithm another.
    """
    if not isinstance(value, dict) or value.get("algorithm") != ALGORITHM:
        raise MessageRefused(reason="resource 缺失或算法不是 AEAD_AES_256_GCM")
    ciphertext, nonce = value.get("ciphertext"), value.get("nonce")
    associated = value.get("associated_data", "")
    if not (isinstance(ciphertext, str) and isinstance(nonce, str) and isinstance(associated, str)):
        raise MessageRefused(reason="resource 字段不完整")
    return Resource(ciphertext, nonce, associated, str(value.get("original_type", "")))


def check_key(key: bytes) -> bytes:
    """Pass an APIv3 key on if it has the 32 bytes production keys always have.

    Raises:
        ResourceRefused: otherwise.
    """
    if len(key) != KEY_BYTES:
        raise ResourceRefused(reason="APIv3 密钥必须是 32 字节")
    return key


def decrypt(resource: Resource, *, key: bytes) -> bytes:
    """Open a resource.

    Raises:
        ResourceRefused: if key, nonce, associated data or ciphertext do not belong together.
    """
    try:
        raw = base64.b64decode(resource.ciphertext, validate=True)
        return AESGCM(key).decrypt(resource.nonce.encode(), raw, resource.associated_data.encode())
    except (binascii.Error, ValueError, InvalidTag) as error:
        raise ResourceRefused(reason="密文、随机串或密钥不相配") from error


def encrypt(
    plain: bytes,
    *,
    key: bytes,
    nonce: str,
    associated_data: str,
    original_type: str = "transaction",
) -> Resource:
    """Seal a resource, as the provider does; the nonce is 12 characters and never used twice."""
    raw = AESGCM(key).encrypt(nonce.encode(), plain, associated_data.encode())
    return Resource(base64.b64encode(raw).decode(), nonce, associated_data, original_type)
