"""The counter: find the customer, tick the debts, take the money, print the receipt."""

import uuid
from collections.abc import Sequence
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import OpenItem
from metercash.contexts.payments import api as payments
from metercash.contexts.payments.contracts import Method, OrderStatus, ReceiptView
from metercash.interfaces.console import clock, failures, params
from metercash.interfaces.console.tenders import Till, tally
from metercash.kernel.errors import InvalidInput, MetercashError, NotFound
from metercash.platform.access import requires


SEARCH_MAX = 9
HISTORY_MAX = 6
PAPERS = ("80mm", "dot")


@requires("payments.take")
@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    """The page, or its two columns alone when a customer was picked."""
    account_id = params.number(request.GET, "account")
    context = _context(request, account_id)
    part = request.headers.get("HX-Target") == "counter"
    template = "console/_counter.html" if part else "console/counter.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@requires("payments.take")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Customers that fit what is being typed, with what they owe."""
    text = params.text(request.GET, "text")
    found = customers.search(text=text, limit=SEARCH_MAX) if text else []
    owed = _owed([account.account_id for account in found])
    hits = [(account, owed.get(account.account_id, 0)) for account in found]
    return render(request, "console/_counter_hits.html", {"hits": hits, "text": text})


@requires("payments.take")
@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    """Take the payment; a repeated key answers with the first receipt."""
    account_id = params.number(request.POST, "account") or 0
    try:
        receipt, till = _take(request, account_id)
    except MetercashError as error:
        return _refused(request, error)
    context = _context(request, account_id) | {"receipt": receipt, "change_fen": till.change_fen}
    return render(request, "console/_counter.html", context)


@requires("payments.take")
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Show a code the customer scans to pay what is ticked."""
    account_id = params.number(request.POST, "account") or 0
    due = sum(item.open_fen for item in _chosen(request, account_id))
    try:
        if due <= 0:
            raise InvalidInput(field="待缴费用", reason="请至少勾选一项")
        placed = payments.create_order(
            account_id=account_id,
            fen=due,
            idempotency_key=params.text(request.POST, "key", 64),
            now=clock.now(),
        )
    except MetercashError as error:
        return _refused(request, error)
    context = _context(request, account_id) | _order_context(placed.order_no)
    return render(request, "console/_counter.html", context)


@requires("payments.take")
@require_safe
def order_state(request: HttpRequest, order_no: str) -> HttpResponse:
    """Whether the code was paid; the panel asks every two seconds."""
    payments.poll_order(order_no=order_no, now=clock.now())
    return render(request, "console/_counter_code.html", _order_context(order_no))


@requires("payments.view")
@require_safe
def receipt(request: HttpRequest, receipt_no: str, paper: str) -> HttpResponse:
    """The receipt for a thermal printer of 80 mm or for 241 mm continuous paper; always Chinese."""
    if paper not in PAPERS:
        raise NotFound(what="票据格式")
    shown = payments.get_receipt(receipt_no=receipt_no)
    code = segno.make(f"{receipt_no}|{shown.total_fen}", error="m").svg_data_uri(border=1)
    with translation.override("zh-hans"):
        return render(request, f"console/receipt_{paper}.html", {"receipt": shown, "code": code})


def _take(request: HttpRequest, account_id: int) -> tuple[ReceiptView, Till]:
    shift = payments.current_shift(user_id=request.user.id)  # type: ignore[union-attr,arg-type]
    if shift is None:
        raise InvalidInput(field="班次", reason="请先开班再收款")
    chosen = _chosen(request, account_id)
    received = {
        method: params.fen(request.POST, f"received_{method}", str(method.label)) or 0
        for method in (Method.CASH, Method.POS, Method.TRANSFER)
    }
    use_balance = "use_balance" in request.POST
    till = tally(
        due_fen=sum(item.open_fen for item in chosen),
        balance_fen=ledger.balances(account_ids=[account_id]).get(account_id, 0)
        if use_balance
        else 0,
        received_fen=received,
        references={
            method: params.text(request.POST, f"reference_{method}", 40)
            for method in (Method.POS, Method.TRANSFER)
        },
        keep_change="keep_change" in request.POST,
    )
    taken = payments.take_payment(
        shift_id=shift.shift_id,
        account_id=account_id,
        tenders=till.tenders,
        idempotency_key=params.text(request.POST, "key", 64),
        now=clock.now(),
        open_item_ids=[item.open_item_id for item in chosen],
    )
    return taken, till


def _refused(request: HttpRequest, error: MetercashError) -> HttpResponse:
    """Only the sentence: what the clerk typed stays, and so does the key of the payment."""
    response = render(
        request, "console/_counter_failure.html", {"failure": failures.sentence(error)}
    )
    response["HX-Retarget"], response["HX-Reswap"] = "#failure", "innerHTML"
    return response


def _chosen(request: HttpRequest, account_id: int) -> list[OpenItem]:
    wanted = set(params.numbers(request.POST, "item"))
    items = ledger.list_open_items(account_ids=[account_id])
    return [item for item in items if item.open_item_id in wanted]


def _owed(account_ids: Sequence[int]) -> dict[int, int]:
    owed: dict[int, int] = {}
    if account_ids:
        for item in ledger.list_open_items(account_ids=account_ids):
            owed[item.account_id] = owed.get(item.account_id, 0) + item.open_fen
    return owed


def _context(request: HttpRequest, account_id: int | None) -> dict[str, Any]:
    context: dict[str, Any] = {
        "shift": payments.current_shift(user_id=request.user.id),  # type: ignore[union-attr,arg-type]
        "key": uuid.uuid4().hex,
        "today": clock.today(),
    }
    if account_id is None:
        return context
    items = ledger.list_open_items(account_ids=[account_id])
    overdue = [item for item in items if item.due_date < clock.today()]
    return context | {
        "account": customers.get_account(account_id=account_id),
        "items": [(item, item.original_fen - item.open_fen) for item in items],
        "due_fen": sum(item.open_fen for item in items),
        "balance_fen": ledger.balances(account_ids=[account_id]).get(account_id, 0),
        "overdue_days": max(((clock.today() - item.due_date).days for item in overdue), default=0),
        "history": payments.list_payments(account_id=account_id, per_page=HISTORY_MAX).items,
    }


def _order_context(order_no: str) -> dict[str, Any]:
    placed = payments.get_order(order_no=order_no)
    waiting = placed.status in {OrderStatus.DRAFT, OrderStatus.PENDING}
    code = segno.make(placed.code_url, error="m").svg_data_uri(border=2) if placed.code_url else ""
    paid = placed.status in {OrderStatus.SUCCEEDED, OrderStatus.SUCCEEDED_LATE}
    return {"order": placed, "waiting": waiting, "paid": paid, "code": code}
