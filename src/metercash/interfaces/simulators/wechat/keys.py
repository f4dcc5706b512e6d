"""The simulator's keys and the merchant's, made once and kept in the home folder."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID


PUBLIC_KEY_ID = "PUB_KEY_ID_0100000000012026000000000000"
MERCHANT_SERIAL = "4D455445524341534800000000000001"


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything both sides sign and seal with.

    Attributes:
        platform: Signs answers while certificates are in use.
        successor: Signs once the platform moved to its public key (``PUB_KEY_ID_…``).
    """

    folder: Path
    merchant: RSAPrivateKey
    platform: RSAPrivateKey
    successor: RSAPrivateKey
    certificate_pem: bytes
    certificate_id: str
    api_v3_key: bytes


def load(home: Path) -> Keys:
    """Read the keys from ``home``, making them on first use."""
    folder = home / "simulators" / "wechat"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    merchant = _private(folder / "merchant_key.pem")
    platform = _private(folder / "platform_key.pem")
    successor = _private(folder / "successor_key.pem")
    certificate = folder / "platform_certificate.pem"
    if not certificate.exists():
        certificate.write_bytes(_certificate(platform))
    public = folder / "successor_public.pem"
    if not public.exists():
        public.write_bytes(
            successor.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
    secret = folder / "api_v3.key"
    if not secret.exists():
        _write(secret, secrets.token_hex(16).encode())
    pem = certificate.read_bytes()
    serial = f"{x509.load_pem_x509_certificate(pem).serial_number:X}"
    return Keys(folder, merchant, platform, successor, pem, serial, secret.read_bytes())


def _private(file: Path) -> RSAPrivateKey:
    if not file.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        _write(
            file,
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
    loaded = serialization.load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(loaded, RSAPrivateKey), f"{file} holds another kind of key"
    return loaded


def _write(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(content)


def _certificate(key: RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Metercash WeChat Pay simulator")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2050, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)
