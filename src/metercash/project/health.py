"""Probes for operators: alive, ready, and figures for Prometheus."""

from collections.abc import Iterator

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from metercash.platform.jobs import schedule
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
    registry = CollectorRegistry()
    registry.register(_Routines())
    text = generate_latest() + generate_latest(registry)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class _Routines(Collector):
    """How the routines of every tenant stand, read at each scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """When each was done last, and how often it failed since."""
        labels = ["tenant", "routine"]
        done = GaugeMetricFamily(
            "metercash_routine_done_timestamp_seconds",
            "When the routine was done last",
            None,
            labels,
        )
        failures = GaugeMetricFamily(
            "metercash_routine_failures", "Failures in a row since it was done last", None, labels
        )
        for row in schedule.standing():
            names = [row.tenant, row.name]
            if row.done_at is not None:
                done.add_metric(names, row.done_at.timestamp())
            failures.add_metric(names, row.failures)
        yield done
        yield failures
