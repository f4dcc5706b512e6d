"""Bearer tokens, scopes and rate limits of the API."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from metercash.kernel.errors import MetercashError
from metercash.platform import audit, tenancy
from metercash.platform.access import api as access
from metercash.platform.access.api import Bearer
from metercash.platform.access.permissions import SCOPES


RATE_PER_SECOND = 100
BURST = 200


class ScopeMissing(MetercashError):
    """The token does not carry the scope this operation asks for."""

    code = "api.scope_missing"
    status = 403
    message_zh = "令牌缺少权限范围 {scope}。"
    message_en = "The token lacks the scope {scope}."


class ScopesExclude(MetercashError):
    """One token would take both sides of a step that needs two."""

    code = "api.scopes_exclude"
    status = 403
    message_zh = "同一令牌不能同时有 {scope} 和 {other}：起草与批准须由两人、两个令牌完成。"
    message_en = "One token may not use {scope} while it holds {other}; two people need two tokens."


class RateExceeded(MetercashError):
    """Too many requests with one token."""

    code = "api.rate_exceeded"
    status = 429
    message_zh = "请求过于频繁，请稍后再试。"
    message_en = "Too many requests; slow down."


class TokenAuth(HttpBearer):
    """``Authorization: Bearer mc.…``."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        """Who the token stands for.

        Raises:
            TokenInvalid: if it proves nothing.
            RateExceeded: if its bucket is empty.
        """
        bearer = access.bearer_of(token=token, now=datetime.now(UTC))
        if not _buckets.take(bearer.token_id, at=time.monotonic()):
            raise RateExceeded
        return bearer


class Buckets:
    """One token bucket for each API token, kept by each serving process."""

    def __init__(self, *, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._levels: dict[int, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: int, *, at: float) -> bool:
        """Take one request out of the bucket; False when it is empty."""
        with self._lock:
            level, filled_at = self._levels.get(key, (self._burst, at))
            level = min(self._burst, level + (at - filled_at) * self._rate)
            allowed = level >= 1
            self._levels[key] = (level - 1 if allowed else level, at)
            return allowed


_buckets = Buckets(rate=RATE_PER_SECOND, burst=BURST)

Operation = Callable[..., Any]


def scope(name: str) -> Callable[[Operation], Operation]:
    """Run the operation only for a token that carries the scope, with its tenant bound."""
    assert name in SCOPES, f"no token could be given {name}"

    def decorate(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            bearer: Bearer = request.auth  # type: ignore[attr-defined]
            if name not in bearer.scopes:
                raise ScopeMissing(scope=name)
            actor = audit.Actor(None, f"api:{bearer.name}", request.META.get("REMOTE_ADDR", ""))
            with tenancy.bind(bearer.tenant_id), audit.acting(actor):
                return operation(request, *args, **kwargs)

        guarded.required_scope = name  # type: ignore[attr-defined]
        return guarded

    return decorate
