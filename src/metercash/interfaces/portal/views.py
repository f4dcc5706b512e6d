"""What a resident sees and does on the phone."""

import secrets
from datetime import UTC, date, datetime, timedelta

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import BillDetail
from metercash.contexts.collections import api as collections
from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.metering import api as metering
from metercash.contexts.payments import api as payments
from metercash.contexts.payments.contracts import Order
from metercash.interfaces.portal import proof
from metercash.interfaces.portal.session import (
    bind_account,
    bound_accounts,
    choose_account,
    count_attempt,
    resident,
    unbind_account,
    visitor,
)
from metercash.interfaces.web.proofs import as_proof_file
from metercash.kernel.errors import MetercashError, NotFound
from metercash.kernel.interval import Interval
from metercash.kernel.money import Money


USAGE_DAYS = 31


@visitor
@require_http_methods(["GET", "POST"])
def bind(request: HttpRequest) -> HttpResponse:
    """Bind an account by its number, the owner's name and the tail of the registered phone."""
    context: dict[str, object] = {}
    if request.method == "POST":
        try:
            count_attempt(request)
            account_id = proof.prove(
                account_no=request.POST.get("account_no", ""),
                name=request.POST.get("name", ""),
                phone_tail=request.POST.get("phone_tail", ""),
                address=request.META.get("REMOTE_ADDR", ""),
                now=_now(),
            )
        except MetercashError as error:
            context = {"problem": error, "typed": request.POST}
        else:
            bind_account(request, account_id)
            return redirect("portal:home", company=_company(request))
    status = 422 if context else 200
    return render(request, "portal/bind.html", context, status=status)


@resident
def home(request: HttpRequest, account_id: int) -> HttpResponse:
    """What is owed, the latest bills, and where to go from here."""
    today = _today()
    account = customers.get_account(account_id=account_id)
    open_items = ledger.list_open_items(account_ids=[account_id])
    coming_fen = collections.late_fee_of(account_ids=[account_id], as_of=today).get(account_id, 0)
    posted_fen = sum(item.open_fen for item in open_items)
    context = {
        "account": account,
        "bound": [customers.get_account(account_id=bound) for bound in bound_accounts(request)],
        "open_items": open_items,
        "owed": Money(posted_fen),
        "late_fee": Money(coming_fen),
        "balance": Money(ledger.balances(account_ids=[account_id]).get(account_id, 0)),
        "due_date": min((item.due_date for item in open_items), default=None),
        "today": today,
        "bills": billing.list_bills(account_id=account_id, per_page=6).items,
    }
    return render(request, "portal/home.html", context)


@resident
@require_POST
def switch(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show another bound account, or forget the present one."""
    if request.POST.get("unbind"):
        unbind_account(request, account_id)
    else:
        chosen = request.POST.get("account_id", "")
        choose_account(request, int(chosen) if chosen.isdecimal() else 0)
    return redirect("portal:home", company=_company(request))


@resident
def bill(request: HttpRequest, account_id: int, bill_id: int) -> HttpResponse:
    """One bill with its lines and how it compares."""
    detail = _own_bill(account_id, bill_id)
    comparison = billing.comparison(bill_id=bill_id)
    amounts = [bar.total_fen for bar in comparison.own_history]
    context = {
        "bill": detail,
        "today": _today(),
        "account": customers.get_account(account_id=account_id),
        "comparison": comparison,
        "most_fen": max([*amounts, comparison.similar_homes_average_fen or 0, 1]),
    }
    return render(request, "portal/bill.html", context)


@resident
def how(request: HttpRequest, account_id: int, bill_id: int) -> HttpResponse:
    """Every step of the computation of one bill."""
    return render(request, "portal/how.html", {"bill": _own_bill(account_id, bill_id)})


@resident
def pdf(request: HttpRequest, account_id: int, bill_id: int) -> HttpResponse:
    """The bill as a file to keep."""
    _own_bill(account_id, bill_id)
    response = HttpResponse(billing.bill_pdf(bill_id=bill_id), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="bill-{bill_id}.pdf"'
    return response


@resident
def bill_proof(request: HttpRequest, account_id: int, bill_id: int) -> HttpResponse:
    """The bill with all it was made from, for a calculator that trusts nobody."""
    _own_bill(account_id, bill_id)
    content = as_proof_file(billing.proof(bill_id=bill_id))
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="bill-{bill_id}.json"'
    return response


@resident
def usage(request: HttpRequest, account_id: int) -> HttpResponse:
    """The last month's usage by day."""
    account = customers.get_account(account_id=account_id)
    until = _date(request.GET.get("until", "")) or _after(metering.reading_day(until=_today()))
    period = Interval(until - timedelta(days=USAGE_DAYS), until)
    days = metering.daily_usage(service_point_id=account.service_point_id, period=period)
    most = max((day.milli for day in days), default=0)
    context = {"account": account, "period": period, "days": days, "most": most}
    return render(request, "portal/usage.html", context)


@resident
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, account_id: int) -> HttpResponse:
    """Choose the amount and open an order with the provider."""
    open_items = ledger.list_open_items(account_ids=[account_id])
    owed = Money(sum(item.open_fen for item in open_items))
    context: dict[str, object] = {
        "account": customers.get_account(account_id=account_id),
        "owed": owed,
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
    }
    if request.method == "POST":
        try:
            amount = Money.from_yuan(request.POST.get("amount", "").strip())
            order = payments.create_order(
                account_id=account_id,
                fen=amount.fen,
                provider="WECHAT",
                idempotency_key=f"portal:{account_id}:{context['key']}",
                now=_now(),
            )
        except MetercashError as error:
            context["problem"] = error
        else:
            return redirect("portal:order", company=_company(request), order_no=order.order_no)
    status = 422 if "problem" in context else 200
    return render(request, "portal/pay.html", context, status=status)


@resident
def order(request: HttpRequest, account_id: int, order_no: str) -> HttpResponse:
    """The code to scan, and what became of it."""
    current = _own_order(account_id, order_no)
    code = segno.make(current.code_url or order_no, error="m")
    context = {
        "order": current,
        "amount": Money(current.fen),
        "fact_id": _fact_of(current),
        "qr": code.svg_data_uri(scale=6, border=2),
    }
    return render(request, "portal/order.html", context)


@resident
def order_state(request: HttpRequest, account_id: int, order_no: str) -> HttpResponse:
    """The part of the page that asks again until the money has arrived."""
    current = _own_order(account_id, order_no)
    if current.status == "PENDING":
        current = payments.poll_order(order_no=order_no, now=_now())
    context = {"order": current, "amount": Money(current.fen), "fact_id": _fact_of(current)}
    return render(request, "portal/_order_state.html", context)


@resident
def history(request: HttpRequest, account_id: int) -> HttpResponse:
    """Bills and payments of the account, newest first."""
    context = {
        "account": customers.get_account(account_id=account_id),
        "bills": billing.list_bills(account_id=account_id, per_page=50).items,
        "payments": payments.list_payments(account_id=account_id, per_page=50).items,
    }
    return render(request, "portal/history.html", context)


@resident
def receipt(request: HttpRequest, account_id: int, receipt_no: str) -> HttpResponse:
    """One receipt."""
    shown = payments.get_receipt(receipt_no=receipt_no)
    if shown.account_id != account_id:
        raise NotFound(what="收据")
    return render(request, "portal/receipt.html", {"receipt": shown})


@resident
def paid(request: HttpRequest, account_id: int, fact_id: int) -> HttpResponse:
    """The confirmation of one payment by WeChat, to print or keep."""
    shown = payments.get_channel_receipt(fact_id=fact_id)
    if shown.account_id != account_id:
        raise NotFound(what="缴费凭证")
    return render(request, "portal/paid.html", {"receipt": shown, "amount": Money(shown.fen)})


def _own_bill(account_id: int, bill_id: int) -> BillDetail:
    detail = billing.get_bill(bill_id=bill_id)
    if detail.account_id != account_id:
        raise NotFound(what="账单")
    return detail


def _own_order(account_id: int, order_no: str) -> Order:
    found = payments.get_order(order_no=order_no)
    if found.account_id != account_id:
        raise NotFound(what="订单")
    return found


def _fact_of(order: Order) -> int | None:
    found = payments.list_payments(account_id=order.account_id, text=order.order_no, per_page=1)
    return found.items[0].fact_id if found.items else None


def _company(request: HttpRequest) -> str:
    return str(request.tenant.code)  # type: ignore[attr-defined]


def _now() -> datetime:
    return datetime.now(UTC)


def _today() -> date:
    return datetime.now().astimezone().date()


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
