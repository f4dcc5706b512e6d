"""Meters: how complete the days are, whose curve looks how, files coming in."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.customers import api as customers
from metercash.contexts.metering import api as metering
from metercash.contexts.metering.contracts import REGISTER_LABELS, RegisterKind
from metercash.interfaces.console import clock, failures, params, uploads
from metercash.kernel.errors import MetercashError
from metercash.kernel.interval import Interval
from metercash.platform.access import requires


DAYS_SHOWN = 7
CURVE_DAYS_MAX = 62
ANNOUNCED_BEFORE, ANNOUNCED_AFTER = timedelta(days=62), timedelta(days=31)


@requires("metering.view")
@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    """The collection rate of the days before a day, files received, and accounts to look at."""
    yesterday = clock.today() - timedelta(days=1)
    day = params.day(request.GET, "day") or metering.reading_day(until=yesterday)
    page, per_page = params.paging(request)
    text = params.text(request.GET, "text")
    rates = [metering.collection_rate(day=day - timedelta(days=n)) for n in range(DAYS_SHOWN)]
    context = {
        "day": day,
        "rates": [(rate, f"{rate.rate_milli / 10:.1f}") for rate in rates],
        "batches": metering.list_batches(per_page=10).items,
        "page": customers.list_accounts(text=text, page=page, per_page=per_page),
        "announcements": metering.announcements(period=_around(day)),
    }
    return render(request, "console/readings.html", context)


def _around(day: date) -> Interval[date]:
    """The days whose announcements are shown with those of a day: two months before, one after."""
    return Interval(day - ANNOUNCED_BEFORE, day + ANNOUNCED_AFTER)


@requires("metering.view")
@require_safe
def meter(request: HttpRequest, account_id: int) -> HttpResponse:
    """Meters, register reads and curve of one account."""
    account = customers.get_account(account_id=account_id)
    last = params.day(request.GET, "last") or metering.reading_day(until=clock.today())
    first = params.day(request.GET, "first") or last - timedelta(days=6)
    first = max(min(first, last), last - timedelta(days=CURVE_DAYS_MAX - 1))
    point = account.service_point_id
    period = Interval(first, last + timedelta(days=1))
    daily = metering.daily_usage(service_point_id=point, period=period)
    context = {
        "account": account,
        "first": first,
        "last": last,
        "devices": metering.device_history(service_point_id=point),
        "reads": metering.register_reads(service_point_id=point),
        "registers": REGISTER_LABELS,
        "daily": daily,
        "has_curve": bool(daily),
    }
    return render(request, "console/meter.html", context)


@requires("metering.edit")
@require_POST
def record_read(request: HttpRequest, account_id: int) -> HttpResponse:
    """Record what a register of the account's meter showed."""
    register = params.text(request.POST, "register")
    try:
        metering.record_register_read(
            device_no=params.text(request.POST, "device_no"),
            read_on=params.required_day(request.POST, "read_on", "抄表日"),
            value_milli=params.milli(request.POST, "value", "示数"),
            register=RegisterKind(register) if register in REGISTER_LABELS else RegisterKind.ACTIVE,
            note=params.text(request.POST, "note"),
            now=clock.now(),
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("示数已录入。"))
    return redirect("console:readings_meter", account_id)


@requires("metering.edit")
@require_POST
def announce(request: HttpRequest) -> HttpResponse:
    """Record that something was announced for a day."""
    try:
        metering.announce_day(
            name=params.text(request.POST, "name", 40),
            day=params.required_day(request.POST, "day", "日期"),
            evidence=params.text(request.POST, "evidence", 200),
            now=clock.now(),
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("公布事项已登记。"))
    return redirect("console:readings")


@requires("metering.edit")
@require_POST
def withdraw(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Withdraw what was announced for a day."""
    try:
        metering.withdraw_announcement(
            announcement_id=announcement_id,
            note=params.text(request.POST, "note", 200),
            now=clock.now(),
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("公布事项已撤销。"))
    return redirect("console:readings")


@requires("metering.view")
@require_safe
def curve(request: HttpRequest, account_id: int) -> JsonResponse:
    """The curve's points for the chart."""
    account = customers.get_account(account_id=account_id)
    last = params.day(request.GET, "last") or metering.reading_day(until=clock.today())
    first = params.day(request.GET, "first") or last - timedelta(days=6)
    first = max(min(first, last), last - timedelta(days=CURVE_DAYS_MAX - 1))
    points = metering.curve(
        service_point_id=account.service_point_id,
        period=Interval(first, last + timedelta(days=1)),
    )
    meters = metering.device_history(service_point_id=account.service_point_id)
    value = [None if p.milli is None else p.milli / 1000 for p in points]
    return JsonResponse(
        {
            "unit": meters[-1].unit if meters else "kWh",
            "names": {"actual": _("实测"), "estimated": _("估算")},
            "labels": [f"{p.start:%m-%d %H:%M}" for p in points],
            "actual": [None if p.estimated else v for p, v in zip(points, value, strict=True)],
            "estimated": [v if p.estimated else None for p, v in zip(points, value, strict=True)],
        }
    )


@requires("metering.edit")
@require_POST
def import_readings(request: HttpRequest) -> HttpResponse:
    """Take in a file of interval values."""
    try:
        name, content = uploads.incoming(request, "file")
        report = metering.import_intervals(content=content, filename=name, now=clock.now())
    except MetercashError as error:
        failures.tell(request, error)
    else:
        said = _("读入 %(read)s，接收 %(accepted)s，拒绝 %(refused)s。") % {
            "read": report.read, "accepted": report.accepted, "refused": report.refused,
        }  # fmt: skip
        messages.success(request, said)
        for fault in report.errors[:5]:
            messages.error(request, str(fault))
    return redirect("console:readings")
