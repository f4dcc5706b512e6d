"""The late-fee policy: what is in force, its history, and new versions."""

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.collections import api as collections
from metercash.contexts.collections.contracts import PolicyTerms
from metercash.interfaces.console import clock, failures, params
from metercash.kernel.errors import InvalidInput, MetercashError
from metercash.platform.access import requires


@requires("arrears.view")
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Every version with its citation and who adopted it."""
    versions = collections.list_policies()
    today = clock.today()
    context = {
        "versions": versions,
        "in_force": next((v for v in versions if v.effective_from <= today), None),
        "today": today,
        "automatic": collections.reminders_automatic(),
    }
    return render(request, "console/late_fees.html", context)


@requires("arrears.policy")
@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """Adopt a version for bills due from a day on; fees charged already stay."""
    user = request.user
    try:
        cap = params.text(request.POST, "cap", 20)
        collections.adopt_policy(
            terms=PolicyTerms(
                rate_per_mille_per_day=_decimal(params.text(request.POST, "rate", 20), "每日比例"),
                start_days=params.number(request.POST, "start_days") or 0,
                cap_of_principal=_decimal(cap, "上限") / 100 if cap else None,
                minimum_fen=params.fen(request.POST, "minimum", "最低金额") or 0,
            ),
            effective_from=params.required_day(request.POST, "effective_from", "施行日"),
            citation=params.text(request.POST, "citation", 300),
            approved_by=user.display_name,  # type: ignore[union-attr]
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("新政策已记录；此前已计收的违约金不变。"))
    return redirect("console:late_fees")


@requires("arrears.policy")
@require_POST
def reminders(request: HttpRequest) -> HttpResponse:
    """Switch daily reminders on or off."""
    collections.set_reminders_automatic(on=request.POST.get("on") == "1")
    messages.success(request, _("已更新。"))
    return redirect("console:late_fees")


def _decimal(text: str, label: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput(field=label, reason="应为数字，例如 1 或 0.5") from error
