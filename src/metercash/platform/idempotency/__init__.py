"""Idempotency keys: the same request twice gives the same answer and acts once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from metercash.kernel.errors import MetercashError
from metercash.platform import db


class KeyReused(MetercashError):
    """The key was used for a request with another body."""

    code = "idempotency.key_reused"
    status = 422
    message_zh = "这个 Idempotency-Key 已用于另一个请求，请换一个。"
    message_en = "This Idempotency-Key was used for a different request; use a new one."


class StillRunning(MetercashError):
    """The first request with this key has not finished."""

    code = "idempotency.still_running"
    status = 409
    message_zh = "相同的请求正在处理，请稍候再查。"
    message_en = "The first request with this key is still running; ask again shortly."


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and whether it was given before."""

    status: int
    body: Any
    replayed: bool


def once(*, key: str, route: str, body: bytes, act: Callable[[], tuple[int, Any]]) -> Answer:
    """Act once for a key, or give the earlier answer again.

    The key is recorded before the act and its answer after it, each in its own transaction, so that an act
    that calls the outside never holds a lock. An act that fails with an expected error frees its key.

    Raises:
        KeyReused: if the body differs from the first one.
        StillRunning: if the first request has not answered yet.
    """
    from metercash.platform.idempotency.models import IdempotentAnswer

    digest = hashlib.sha256(body).hexdigest()
    with db.transaction():
        try:
            with db.savepoint():
                row = IdempotentAnswer.objects.create(key=key, route=route, body_sha256=digest)
        except IntegrityError:
            row = IdempotentAnswer.objects.get(key=key, route=route)
            return _replay(row, digest)
    try:
        status, answer = act()
    except MetercashError:
        with db.transaction():
            IdempotentAnswer.objects.filter(id=row.id).delete()
        raise
    with db.transaction():
        IdempotentAnswer.objects.filter(id=row.id).update(status=status, answer=answer)
    return Answer(status, answer, replayed=False)


def _replay(row: Any, digest: str) -> Answer:
    if row.body_sha256 != digest:
        raise KeyReused
    if row.status is None:
        raise StillRunning
    return Answer(row.status, row.answer, replayed=True)
