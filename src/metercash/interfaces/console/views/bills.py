"""Bills: the list, one bill, how it was computed, its reversal and its successor."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import BillFilter, BillRow, Comparison
from metercash.contexts.customers import api as customers
from metercash.interfaces.console import clock, failures, listing, params
from metercash.interfaces.web.amounts import milli, plain_yuan
from metercash.interfaces.web.proofs import as_proof_file
from metercash.interfaces.web.states import name_of
from metercash.kernel.errors import MetercashError
from metercash.platform.access import requires


SORTS = ("bill_id", "account_no", "name", "total_fen", "open_fen", "due_date", "period_from")


@requires("billing.view")
@require_safe
def bills(request: HttpRequest) -> HttpResponse:
    """The list with the sums of its filter."""
    filters, failure = _filters(request)
    page, per_page = params.paging(request)
    sort = _sort(request)
    found = billing.list_bills(
        **filters, as_of=clock.today(), sort=sort, page=page, per_page=per_page
    )
    summaries = customers.summaries(account_ids=[row.account_id for row in found.items])
    context = {
        "page": found,
        "rows": [(row, _state(row), summaries.get(row.account_id)) for row in found.items],
        "totals": billing.bill_totals(**filters, as_of=clock.today()),
        "communities": customers.list_communities(),
        "statuses": list(BillFilter),
        "filters": filters,
        "failure": failure,
        "sort": sort,
    }
    return listing.respond(request, "console/bills.html", "console/_bills.html", context)


@requires("customers.export")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a spreadsheet."""
    filters, _failure = _filters(request)

    def rows() -> Iterator[list[str | float]]:
        for row in listing.every(
            lambda page, per_page: billing.list_bills(
                **filters, as_of=clock.today(), sort=_sort(request), page=page, per_page=per_page
            )
        ):
            yield [
                row.bill_no, row.account_no, row.name, row.period_from.isoformat(),
                row.period_until.isoformat(), float(plain_yuan(row.total_fen)),
                float(plain_yuan(row.paid_fen)), float(plain_yuan(row.open_fen)),
                row.due_date.isoformat(), name_of(_state(row)),
            ]  # fmt: skip

    titles = [
        "账单号", "户号", "户名", "账期起", "账期止（不含）", "应收", "已收", "欠费", "截止日", "状态",
    ]  # fmt: skip
    return listing.spreadsheet("账单", titles, rows())


@requires("billing.view")
@require_safe
def bill(request: HttpRequest, bill_id: int) -> HttpResponse:
    """One bill with its lines and its place among others."""
    detail = billing.get_bill(bill_id=bill_id)
    comparison = billing.comparison(bill_id=bill_id)
    context = {
        "bill": detail,
        "comparison": comparison,
        "chart": _chart(comparison),
        "today": clock.today(),
    }
    return render(request, "console/bill.html", context)


@requires("billing.view")
@require_safe
def explanation(request: HttpRequest, bill_id: int) -> HttpResponse:
    """How every fen of the bill came about."""
    return render(request, "console/bill_how.html", {"bill": billing.get_bill(bill_id=bill_id)})


@requires("billing.view")
@require_safe
def pdf(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The bill as the customer receives it."""
    detail = billing.get_bill(bill_id=bill_id)
    code = request.tenant.code  # type: ignore[attr-defined]
    pay_url = request.build_absolute_uri(f"/m/{code}/")
    content = billing.bill_pdf(bill_id=bill_id, pay_url=pay_url)
    return listing.attachment(content, f"账单{detail.bill_no}.pdf", "application/pdf")


@requires("billing.view")
@require_safe
def proof(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The bill with all it was made from, for a calculator that trusts nobody."""
    document = billing.proof(bill_id=bill_id)
    content = as_proof_file(document)
    return listing.attachment(content, f"验证{document['bill_no']}.json", "application/json")


@requires("billing.reverse")
@require_POST
def reverse(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Reverse the bill with a reason."""
    try:
        billing.reverse_bill(
            bill_id=bill_id,
            reason=params.text(request.POST, "reason", 200),
            now=clock.now(),
            by=request.user.id,  # type: ignore[union-attr,arg-type]
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("账单已冲正；已缴金额退回预存余额。"))
    return redirect("console:bills_detail", bill_id)


@requires("billing.reverse")
@require_POST
def rebill(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Make the bill anew from today's facts."""
    try:
        successor = billing.rebill(bill_id=bill_id, now=clock.now(), by=request.user.id)  # type: ignore[union-attr,arg-type]
    except MetercashError as error:
        failures.tell(request, error)
        return redirect("console:bills_detail", bill_id)
    messages.success(request, _("已重新出账。"))
    return redirect("console:bills_detail", successor)


def _filters(request: HttpRequest) -> tuple[dict[str, Any], str]:
    failure = ""
    try:
        min_open = params.fen(request.GET, "min_open", "欠费")
    except MetercashError as error:
        min_open, failure = None, failures.sentence(error)
    status = params.text(request.GET, "status")
    filters = {
        "status": status if status in BillFilter.__members__ else None,
        "community_id": params.number(request.GET, "community"),
        "text": params.text(request.GET, "text"),
        "min_open_fen": min_open,
        "account_id": params.number(request.GET, "account"),
        "run_id": params.number(request.GET, "run"),
    }
    return filters, failure


def _sort(request: HttpRequest) -> str:
    wanted = params.text(request.GET, "sort")
    return wanted if wanted.lstrip("-") in SORTS else "-bill_id"


def _state(row: BillRow) -> str:
    state = row.payment_state
    unpaid = state in {BillFilter.UNPAID, BillFilter.PART_PAID}
    if state == BillFilter.UNPAID and row.due_date >= clock.today():
        return "DUE"
    late = (clock.today() - row.due_date).days
    return "OVERDUE" if unpaid and late > 0 and state == BillFilter.UNPAID else str(state)


def _chart(comparison: Comparison) -> dict[str, Any]:
    bars = list(comparison.own_history)
    average = comparison.similar_homes_average_fen
    return {
        "unit": _("元"),
        "names": [_("本户"), _("同类住户平均")],
        "labels": [f"{bar.period.start:%Y-%m}" for bar in bars],
        "data": [float(plain_yuan(bar.total_fen)) for bar in bars],
        "average": None if average is None else float(plain_yuan(average)),
        "usage": [milli(bar.usage_milli) for bar in bars],
    }
