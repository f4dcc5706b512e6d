"""Probes for operators: alive, ready, and figures for Prometheus."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from metercash.project import walls_check


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, its tables are migrated and its walls stand."""
    problems = walls_check.problems(connection)
    return JsonResponse(
        {"status": "ok" if not problems else "refused", "problems": problems},
        status=200 if not problems else 503,
    )


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text form."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
