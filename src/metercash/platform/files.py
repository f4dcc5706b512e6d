"""Files of the bound tenant, kept by content in a folder beside the database.

A file's name is its SHA-256, so the same content is kept once and a changed one is noticed when it is read.
"""

import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings

from metercash.kernel.errors import MetercashError, NotFound
from metercash.platform import tenancy


class FileDamaged(MetercashError):
    """The kept content is no longer what its hash says."""

    code = "files.damaged"
    status = 500
    message_zh = "文件 {sha256} 的内容已损坏或被改动，请从备份恢复。"
    message_en = "The content of file {sha256} was damaged or changed; restore it from a backup."


def put(content: bytes) -> str:
    """Keep content durably; returns its SHA-256, hexadecimal."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    with draft.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return sha256


def get(sha256: str) -> bytes:
    """The content of a hash that a table names.

    Raises:
        NotFound: if it is not kept here.
        FileDamaged: if it is no longer what was kept.
    """
    path = _path(sha256)
    if not path.exists():
        raise NotFound(what="文件")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileDamaged(sha256=sha256)
    return content


def _path(sha256: str) -> Path:
    folder = Path(settings.METERCASH_HOME) / "files" / str(tenancy.current_id())
    return folder / sha256[:2] / sha256
