"""Arrears and the messages sent about them."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.collections import api as collections
from metercash.contexts.customers import api as customers
from metercash.contexts.notifications import api as notifications
from metercash.contexts.notifications.contracts import MessageStatus
from metercash.interfaces.console import clock, failures, listing, params
from metercash.interfaces.web.amounts import plain_yuan
from metercash.kernel.errors import MetercashError
from metercash.platform.access import requires


SORTS = ("open_fen", "days_overdue", "account_no", "name", "principal_fen", "late_fee_fen")


@requires("arrears.view")
@require_safe
def arrears(request: HttpRequest) -> HttpResponse:
    """Accounts that are late, the largest first."""
    page, per_page = params.paging(request)
    filters = _filters(request)
    context = {
        "page": collections.arrears(**filters, as_of=clock.today(), page=page, per_page=per_page),
        "communities": customers.list_communities(),
        "sort": filters["sort"],
    }
    return listing.respond(request, "console/arrears.html", "console/_arrears.html", context)


@requires("customers.export")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a spreadsheet."""
    filters = _filters(request)

    def rows() -> Iterator[list[str | float | int]]:
        for row in listing.every(
            lambda page, per_page: collections.arrears(
                **filters, as_of=clock.today(), page=page, per_page=per_page
            )
        ):
            yield [
                row.account_no, row.name, row.phone, row.address, row.bills,
                float(plain_yuan(row.principal_fen)), float(plain_yuan(row.late_fee_fen)),
                float(plain_yuan(row.open_fen)), row.oldest_due_date.isoformat(), row.days_overdue,
            ]  # fmt: skip

    titles = [
        "户号", "户名", "电话", "地址", "账单数", "本金", "违约金", "合计", "最早截止日", "逾期天数",
    ]  # fmt: skip
    return listing.spreadsheet("欠费", titles, rows())


@requires("arrears.remind")
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Queue a first reminder to everyone who is due one."""
    try:
        count = collections.send_reminders(as_of=clock.today(), now=clock.now())
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("已排队 %(n)s 条催缴消息。") % {"n": count})
    return redirect("console:arrears")


@requires("notifications.view")
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Messages with their fate."""
    page, per_page = params.paging(request)
    status = params.text(request.GET, "status", 20)
    found = notifications.list_messages(
        status=status if status in MessageStatus.__members__ else None,
        reference=params.text(request.GET, "reference"),
        page=page,
        per_page=per_page,
    )
    context = {"page": found, "statuses": list(MessageStatus)}
    return listing.respond(request, "console/messages.html", "console/_messages.html", context)


def _filters(request: HttpRequest) -> dict[str, Any]:
    sort = params.text(request.GET, "sort")
    try:
        least = params.fen(request.GET, "min_open", "欠费") or 0
    except MetercashError:
        least = 0
    return {
        "community_id": params.number(request.GET, "community"),
        "text": params.text(request.GET, "text"),
        "min_open_fen": least,
        "sort": sort if sort.lstrip("-") in SORTS else "-open_fen",
    }
