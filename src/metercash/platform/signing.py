"""Signatures of the bound tenant: Ed25519 under a key that never enters the database.

The key is derived from ``METERCASH_SECRET_KEY``, so whoever writes to the database cannot sign. After that
secret is changed, keys of the former ones (``METERCASH_FORMER_SECRET_KEYS``) still verify.
"""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from metercash.platform import tenancy
from metercash.protocols import signed_document


KEY_BYTES = 32


def sign(statement: str) -> str:
    """Sign a statement for the bound tenant; base64."""
    key = _key(settings.SECRET_KEY, tenancy.current_id())
    return base64.b64encode(key.sign(statement.encode())).decode()


def signer_of(statement: str, signature: str) -> str | None:
    """Public key of the bound tenant that signed the statement, base64; ``None`` if none did."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        public = _public(_key(secret, tenancy.current_id()))
        if signed_document.holds(statement, signature, public):
            return public
    return None


def public_key() -> str:
    """The bound tenant's public key, base64, for anybody who checks a signature."""
    return _public(_key(settings.SECRET_KEY, tenancy.current_id()))


@lru_cache(maxsize=256)
def _key(secret: str, tenant_id: int) -> Ed25519PrivateKey:
    derive = HKDF(
        algorithm=hashes.SHA256(),
        length=KEY_BYTES,
        salt=str(tenant_id).encode(),
        info=b"metercash.signing",
    )
    return Ed25519PrivateKey.from_private_bytes(derive.derive(secret.encode()))


def _public(key: Ed25519PrivateKey) -> str:
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()
