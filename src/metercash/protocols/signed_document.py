"""A signed text as a file that anybody can check: text, statement about it, signature, public key.

The statement is canonical JSON (sorted names, no spaces) and names the SHA-256 of the text; the signature is
Ed25519 (RFC 8032) over the statement's UTF-8 bytes. Keys and signatures are base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from metercash.kernel.errors import MetercashError


FORMAT = "metercash-signed-document/1"


class SignatureBroken(MetercashError):
    """Text, statement, signature and key do not belong together."""

    code = "signed_document.signature_broken"
    status = 422
    message_zh = "签名不成立：{reason}。"
    message_en = "The signature does not hold: {reason}."


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A text, what is stated about it and by which key.

    Attributes:
        statement: Canonical JSON; its ``sha256`` is that of the text.
        signature: Of the statement's bytes, base64.
        public_key: Raw Ed25519 key, base64.
    """

    text: str
    statement: str
    signature: str
    public_key: str

    @property
    def stated(self) -> dict[str, Any]:
        """The statement read."""
        stated: dict[str, Any] = json.loads(self.statement)
        return stated

    def check(self) -> None:
        """Prove that key, statement and text belong together.

        Raises:
            SignatureBroken: if they do not, saying where.
        """
        if not holds(self.statement, self.signature, self.public_key):
            raise SignatureBroken(reason="内容与签名不符，批准记录或签名被改动过")
        if self.stated.get("sha256") != sha256(self.text):
            raise SignatureBroken(reason="正文与批准时不同，正文被改动过")

    def dump(self) -> str:
        """The file's content."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1) + "\n"


def load(content: str) -> SignedDocument:
    """Read a file's content; nothing is proved yet.

    Raises:
        SignatureBroken: if it is no signed document.
    """
    try:
        written = json.loads(content)
        names = ("text", "statement", "signature", "public_key")
        document = SignedDocument(**{name: str(written[name]) for name in names})
        is_ours = written["format"] == FORMAT and isinstance(document.stated, dict)
    except (ValueError, KeyError, TypeError) as error:
        raise SignatureBroken(reason="不是带签名的价格文件") from error
    if not is_ours:
        raise SignatureBroken(reason="不是带签名的价格文件")
    return document


def canonical(statement: Mapping[str, Any]) -> str:
    """A statement as the one text that is signed."""
    return json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    """Hash of a text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def holds(statement: str, signature: str, public_key: str) -> bool:
    """Whether the key signed the statement."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), statement.encode())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
