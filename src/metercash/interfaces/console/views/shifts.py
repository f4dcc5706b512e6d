"""A clerk's shift: open, count, hand over."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.payments import api as payments
from metercash.interfaces.console import clock, failures, params
from metercash.kernel.errors import InvalidInput, MetercashError
from metercash.platform.access import api as access
from metercash.platform.access import requires


@requires("payments.take")
@require_safe
def shift(request: HttpRequest) -> HttpResponse:
    """The open shift with its totals and receipts, and the shifts before."""
    current = payments.current_shift(user_id=request.user.id)  # type: ignore[union-attr,arg-type]
    receipts = payments.list_receipts(shift_id=current.shift_id) if current else []
    earlier = payments.list_shifts(per_page=10)
    tellers = {user.user_id: user.display_name for user in access.list_users()}
    rows = [(one, tellers.get(one.user_id, "—")) for one in earlier.items]
    context = {"shift": current, "receipts": receipts, "rows": rows}
    return render(request, "console/shift.html", context)


@requires("payments.take")
@require_POST
def open_shift(request: HttpRequest) -> HttpResponse:
    """Begin a shift with the cash in the drawer."""
    try:
        payments.open_shift(
            user_id=request.user.id,  # type: ignore[union-attr,arg-type]
            now=clock.now(),
            opening_fen=params.fen(request.POST, "opening", "备用金") or 0,
        )
    except MetercashError as error:
        failures.tell(request, error)
    return redirect("console:shift" if "stay" in request.POST else "console:counter")


@requires("payments.take")
@require_POST
def close_shift(request: HttpRequest) -> HttpResponse:
    """Count the drawer and close."""
    try:
        current = payments.current_shift(user_id=request.user.id)  # type: ignore[union-attr,arg-type]
        counted = params.fen(request.POST, "counted", "实点现金")
        if current is None or counted is None:
            raise InvalidInput(field="实点现金", reason="请清点钱箱并填写金额")
        payments.close_shift(shift_id=current.shift_id, counted_fen=counted, now=clock.now())
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("已交班，请打印交班单并移交现金。"))
    return redirect("console:shift")


@requires("payments.void")
@require_POST
def void_receipt(request: HttpRequest, receipt_no: str) -> HttpResponse:
    """Reverse a receipt; the money and the debts go back to where they were."""
    try:
        payments.void_receipt(
            receipt_no=receipt_no,
            reason=params.text(request.POST, "reason", 200),
            voided_by=request.user.id,  # type: ignore[union-attr,arg-type]
            now=clock.now(),
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("收据 %(no)s 已冲正。") % {"no": receipt_no})
    return redirect("console:payments")
