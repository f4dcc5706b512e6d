"""The overview: what was billed, what came in, what is late and where."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from metercash.contexts.analytics import api as analytics
from metercash.contexts.analytics.contracts import CommunityArrears, Opening, Step
from metercash.interfaces.console import clock, geo, params
from metercash.interfaces.web.amounts import yuan
from metercash.interfaces.web.borrowed import large
from metercash.kernel.interval import Interval
from metercash.platform.access import requires


TREND_DAYS = 365
WAN = 1_000_000


@requires("dashboard.view")
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The page as of a day, today unless chosen."""
    as_of = params.day(request.GET, "as_of") or clock.today()
    seen = analytics.overview(as_of=as_of)
    year = Interval(as_of - timedelta(days=TREND_DAYS), as_of + timedelta(days=1))
    communities = analytics.arrears_by_community(as_of=as_of)
    shares = analytics.channel_mix(period=year)
    context = {
        "as_of": as_of,
        "seen": seen,
        "links": {
            "billed": _address(seen.billed.opening),
            "collected": reverse("console:payments"),
            "open": _address(seen.open.opening),
            "overdue": _address(seen.overdue.opening),
        },
        "rate": f"{seen.rate_milli / 10:.1f}",
        "read_rate": None if seen.read_rate_milli is None else f"{seen.read_rate_milli / 10:.1f}",
        "trend": _trend(year),
        "ages": _ages(as_of),
        "map": _map(communities),
        "worst": [
            (c, f"{c.rate_milli / 10:.1f}", _community(c))
            for c in sorted(communities, key=lambda c: c.rate_milli)
            if c.overdue.fen > 0
        ][:8],
        "shares": [(s, f"{s.share_milli / 10:.1f}") for s in shares],
    }
    return render(request, "console/dashboard.html", context)


def _address(opening: Opening) -> str:
    names: Mapping[str, str] = {"community_id": "community", "run_id": "run"}
    query = {names.get(key, key): value for key, value in opening.parameters().items()}
    page = {"payments": "payments", "readings": "readings"}.get(opening.what, "bills")
    return f"{reverse(f'console:{page}')}?{urlencode(query)}"


def _community(row: CommunityArrears) -> str:
    query = urlencode({"community": row.community_id, "status": "OVERDUE"})
    return f"{reverse('console:bills')}?{query}"


def _trend(period: Interval[date]) -> dict[str, Any]:
    points = analytics.collection_trend(period=period, step=Step.MONTH)
    return {
        "labels": [f"{point.period.start:%Y-%m}" for point in points],
        "series": [{"name": _("累计收费率"), "data": [point.rate_milli / 10 for point in points]}],
    }


def _ages(as_of: date) -> list[dict[str, Any]]:
    bands = []
    for band in analytics.ageing(as_of=as_of):
        name = (
            _("%(days)s 天以上") % {"days": band.days_from - 1}
            if band.days_until is None
            else _("%(a)s–%(b)s 天") % {"a": band.days_from, "b": band.days_until - 1}
        )
        bands.append(
            {
                "name": name,
                "value": round(band.principal.fen / WAN, 2),
                "text": _("本金 %(fen)s 元") % {"fen": yuan(band.principal.fen)},
                "count": _("%(n)s 笔") % {"n": band.principal.count},
                "href": _address(band.principal.opening),
            }
        )
    return bands


def _map(rows: list[CommunityArrears]) -> dict[str, Any] | None:
    placed = [r for r in rows if r.latitude is not None and r.longitude is not None]
    if not placed:
        return None
    spots = geo.positions(
        [geo.Place(r.community_id, r.latitude or 0.0, r.longitude or 0.0) for r in placed]
    )
    points = []
    for row in placed:
        x, y = spots[row.community_id]
        text = _("逾期 %(wan)s 万元 · %(n)s 笔 · 收费率 %(rate)s%%") % {
            "wan": large(row.overdue.fen),
            "n": row.overdue.count,
            "rate": f"{row.rate_milli / 10:.1f}",
        }
        points.append(
            {
                "name": row.name,
                "x": x,
                "y": y,
                "arrears": row.overdue.fen / WAN,
                "rate": row.rate_milli / 10,
                "text": text,
                "href": _community(row),
            }
        )
    return {"plan": geo.plan(), "lines": geo.lines(), "points": points}
