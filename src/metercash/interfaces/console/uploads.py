"""Keeps an uploaded file between dry run and confirmation, for the user who sent it."""

import secrets
import time
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from metercash.kernel.errors import InvalidInput, NotFound


BYTES_MAX = 50 * 1024 * 1024
KEEP_S = 3600


def incoming(request: HttpRequest, field: str) -> tuple[str, bytes]:
    """Name and content of an uploaded file.

    Raises:
        InvalidInput: if there is none, or it is too large.
    """
    file = request.FILES.get(field)
    if file is None:
        raise InvalidInput(field="文件", reason="请选择要上传的 Excel 或 CSV 文件")
    if (file.size or 0) > BYTES_MAX:
        raise InvalidInput(field="文件", reason="文件超过 50 MB，请拆分后上传")
    return (file.name or "upload")[-100:], file.read()


def keep(request: HttpRequest, name: str, content: bytes) -> str:
    """Keep a file for an hour; returns its key, good in this session only."""
    folder = _folder()
    for old in folder.iterdir():
        if time.time() - old.stat().st_mtime > KEEP_S:
            old.unlink(missing_ok=True)
    key = secrets.token_hex(16)
    (folder / key).write_bytes(content)
    request.session["upload"] = {"key": key, "name": name}
    return key


def kept(request: HttpRequest, key: str) -> tuple[str, bytes]:
    """Name and content of the file kept last.

    Raises:
        NotFound: if it is another session's, or an hour old.
    """
    known = request.session.get("upload")
    if known is None or not secrets.compare_digest(known["key"], key):
        raise NotFound(what="上传的文件")
    path = _folder() / known["key"]
    if not path.exists():
        raise NotFound(what="上传的文件")
    return known["name"], path.read_bytes()


def _folder() -> Path:
    folder = Path(settings.METERCASH_HOME) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
