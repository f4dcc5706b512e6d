"""Payments received, the exceptions queue's neighbour: reconciliation with the channel."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.payments import api as payments
from metercash.contexts.payments.contracts import BreakStatus, Provider
from metercash.interfaces.console import clock, failures, listing, params
from metercash.interfaces.web.amounts import plain_yuan
from metercash.kernel.errors import MetercashError
from metercash.kernel.interval import Interval
from metercash.platform.access import api as access
from metercash.platform.access import requires


CHANNELS = ("CASH", "POS", "TRANSFER", "WECHAT")


@requires("payments.view")
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """The list of payments."""
    page, per_page = params.paging(request)
    found = payments.list_payments(**_filters(request), page=page, per_page=per_page)
    context = {"page": found, "channels": CHANNELS}
    return listing.respond(request, "console/payments.html", "console/_payments.html", context)


@requires("customers.export")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a spreadsheet."""
    filters = _filters(request)

    def rows() -> Iterator[list[str | float]]:
        for row in listing.every(
            lambda page, per_page: payments.list_payments(**filters, page=page, per_page=per_page)
        ):
            yield [
                f"{row.occurred_at:%Y-%m-%d %H:%M:%S}", row.account_no, row.name,
                float(plain_yuan(row.fen)), row.channel_label, row.receipt_no, row.provider_txn,
            ]  # fmt: skip

    titles = ["时间", "户号", "户名", "金额", "渠道", "收据号", "渠道流水号"]
    return listing.spreadsheet("收款记录", titles, rows())


@requires("reconciliation.view")
@require_safe
def reconciliation(request: HttpRequest) -> HttpResponse:
    """Days reconciled and the breaks that wait."""
    page, per_page = params.paging(request)
    status = params.text(request.GET, "status", 20)
    context = {
        "days": payments.list_reconciliations(limit=31),
        "page": payments.list_breaks(
            status=status if status in BreakStatus.__members__ else "",
            day=params.day(request.GET, "day"),
            page=page,
            per_page=per_page,
        ),
        "statuses": list(BreakStatus),
        "status": status,
        "today": clock.today(),
        "yesterday": clock.today() - timedelta(days=1),
        "colleagues": [
            user
            for user in access.list_users()
            if user.is_active and {"FINANCE", "MANAGER"} & set(user.roles)
        ],
    }
    return render(request, "console/reconciliation.html", context)


@requires("reconciliation.resolve")
@require_POST
def reconcile(request: HttpRequest) -> HttpResponse:
    """Fetch the channel's statement of a day and compare."""
    try:
        day = params.required_day(request.POST, "day", "对账日期")
        done = payments.reconcile(provider=Provider.WECHAT, day=day, now=clock.now())
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(
            request,
            _("对账完成：%(lines)s 笔，对平 %(matched)s 笔，差异 %(breaks)s 笔。")
            % {"lines": done.lines, "matched": done.matched, "breaks": done.breaks},
        )
    return redirect("console:reconciliation")


@requires("reconciliation.resolve")
@require_POST
def resolve(request: HttpRequest, break_id: int) -> HttpResponse:
    """Settle a break with a reason and a second person's approval."""
    try:
        payments.resolve_break(
            break_id=break_id,
            reason=params.text(request.POST, "reason", 200),
            resolved_by=request.user.display_name,  # type: ignore[union-attr]
            approved_by=params.text(request.POST, "approved_by", 80),
            now=clock.now(),
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("差异已处理。"))
    return redirect("console:reconciliation")


def _filters(request: HttpRequest) -> dict[str, Any]:
    first, last = params.day(request.GET, "first"), params.day(request.GET, "last")
    period = None
    if first is not None and last is not None and first <= last:
        period = Interval(first, type(last).fromordinal(last.toordinal() + 1))
    channel = params.text(request.GET, "channel", 20)
    return {
        "text": params.text(request.GET, "text"),
        "channel": channel if channel in CHANNELS else "",
        "period": period,
        "account_id": params.number(request.GET, "account"),
    }
