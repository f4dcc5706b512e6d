"""Secrets at rest: sealed with AES-256-GCM under a key that never enters the database.

The key is derived from ``METERCASH_SECRET_KEY``. A sealed secret opens only for the tenant and purpose it was
sealed for, so a row copied elsewhere is worthless.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from metercash.kernel.errors import MetercashError
from metercash.platform import tenancy


VERSION = "s1:"
NONCE_BYTES = 12


class SealBroken(MetercashError):
    """A stored secret does not open: the signing key changed, or the row was tampered with."""

    code = "sealing.broken"
    status = 500
    message_zh = "已保存的密钥无法解密：METERCASH_SECRET_KEY 可能已更换，请重新配置。"
    message_en = (
        "A stored secret cannot be opened; METERCASH_SECRET_KEY may have changed. Set it again."
    )


def seal(secret: bytes, *, purpose: str) -> str:
    """Encrypt a secret of the bound tenant.

    Args:
        purpose: What it is for, such as ``smtp.password``; needed again to open it.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_key()).encrypt(nonce, secret, _bound_to(purpose))
    return VERSION + base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, purpose: str) -> bytes:
    """Decrypt a secret of the bound tenant.

    Raises:
        SealBroken: if it was sealed with another key, tenant or purpose.
    """
    try:
        raw = base64.b64decode(sealed.removeprefix(VERSION), validate=True)
        return AESGCM(_key()).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound_to(purpose))
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def _key() -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"metercash.sealing")
    return derive.derive(settings.SECRET_KEY.encode())


def _bound_to(purpose: str) -> bytes:
    return f"{tenancy.current_id()}:{purpose}".encode()
