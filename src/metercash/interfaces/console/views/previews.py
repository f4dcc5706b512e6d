"""What an account would be billed, computed by the run's own code and kept nowhere."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import BillDetail
from metercash.contexts.customers import api as customers
from metercash.interfaces.console import clock, failures, params
from metercash.kernel.errors import InvalidInput, MetercashError
from metercash.kernel.interval import Interval
from metercash.platform.access import requires


ONE_DAY = timedelta(days=1)


@requires("billing.view")
@require_safe
def preview(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask for a period and show the bill of each agreement in it, explained."""
    account = customers.get_account(account_id=account_id)
    first, last = _period(request)
    bills: list[BillDetail] = []
    failure = ""
    if "first" in request.GET:
        try:
            bills = _previewed(account_id, first, last)
        except MetercashError as error:
            failure = failures.sentence(error)
    context = {
        "account": account,
        "first": first,
        "last": last,
        "bills": bills,
        "failure": failure,
    }
    return render(request, "console/preview.html", context)


def _period(request: HttpRequest) -> tuple[date | None, date | None]:
    """What was asked for, else the period of the latest run."""
    if "first" in request.GET:
        return params.day(request.GET, "first"), params.day(request.GET, "last")
    latest = billing.list_runs(per_page=1).items
    if not latest:
        return None, None
    return latest[0].period.start, latest[0].period.end - ONE_DAY


def _previewed(account_id: int, first: date | None, last: date | None) -> list[BillDetail]:
    if first is None or last is None:
        raise InvalidInput(field="账期", reason="请填写日期，例如 2026-01-20")
    if last < first:
        raise InvalidInput(field="账期止", reason="不能早于账期起")
    period = Interval(first, last + ONE_DAY)
    return billing.preview(account_id=account_id, period=period, now=clock.now())
