"""Request log without personal data, and expected failures as pages or problem documents."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from prometheus_client import Counter, Histogram

from metercash.kernel.errors import MetercashError


log = structlog.get_logger("metercash.request")

REQUESTS = Counter("metercash_requests_total", "Requests served", ["route", "method", "status"])
SECONDS = Histogram(
    "metercash_request_seconds",
    "Time to serve a request",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)

LOOPBACK = frozenset({"127.0.0.1", "::1"})

Handler = Callable[[HttpRequest], HttpResponse]


class RequestLog:
    """One line and one measurement a request: the route's pattern, never its values."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve and measure the request."""
        started = time.perf_counter()
        request_id = uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            route = request.resolver_match.route if request.resolver_match else "unmatched"
            seconds = time.perf_counter() - started
            REQUESTS.labels(route, request.method, response.status_code).inc()
            SECONDS.labels(route).observe(seconds)
            log.info(
                "request",
                route=route,
                method=request.method,
                status=response.status_code,
                milliseconds=round(seconds * 1000),
            )
        response["Request-Id"] = request_id
        return response


class ProxiedAddress:
    """Behind a proxy on this machine, the caller's address is the one the proxy itself added."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request under the address of who made it; entries a caller wrote are ignored."""
        added = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if settings.HTTPS and added and request.META.get("REMOTE_ADDR") in LOOPBACK:
            request.META["REMOTE_ADDR"] = added[:64]
        return self.get_response(request)


class ChosenLanguage:
    """Chinese first; English only for who switched to it, whatever the browser says it prefers."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request in the language of its cookie."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _ in settings.LANGUAGES}
        with translation.override(chosen if chosen in known else settings.LANGUAGE_CODE):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response


class ExpectedFailures:
    """Turns a named failure that a page did not answer itself into the error page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a :class:`MetercashError`; leave every other exception to Django."""
        if not isinstance(exception, MetercashError):
            return None
        if exception.status >= 500:
            log.error("broken_invariant", code=exception.code)
        return render(
            request,
            "web/problem.html",
            {"problem": exception, "status": exception.status},
            status=exception.status,
        )
