"""Billing facts of a customer: what prices ask for beside the registry."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import FactKind
from metercash.interfaces.console import clock, entries, entry_forms, failures, params
from metercash.kernel.errors import MetercashError
from metercash.platform.access import requires


@requires("customers.view")
@require_safe
def facts(request: HttpRequest, account_id: int) -> HttpResponse:
    """Every entry, kind by kind, with the forms of those who may edit."""
    account = customers.get_account(account_id=account_id)
    kept = customers.account_facts(account_id=account_id)
    context = {
        "account": account,
        "sections": entries.sections(account, kept, clock.today()),
        "suspension_fields": entries.suspension_fields(),
        "today": clock.today(),
    }
    return render(request, "console/facts.html", context)


@requires("customers.edit")
@require_POST
def record(request: HttpRequest, account_id: int, kind: str) -> HttpResponse:
    """Keep a new entry."""
    try:
        customers.record_fact(
            account_id=account_id,
            fact=entry_forms.read(_kind(kind), request.POST),
            as_of=clock.today(),
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("已登记；之后出的账单按此计费，已出的账单不变。"))
    return redirect("console:customers_facts", account_id)


@requires("customers.edit")
@require_POST
def end(request: HttpRequest, account_id: int, kind: str, fact_id: int) -> HttpResponse:
    """Let an entry hold until a last day."""
    try:
        last = params.required_day(request.POST, "last", "最后一天")
        customers.end_fact(
            account_id=account_id,
            kind=_kind(kind),
            fact_id=fact_id,
            on=last + timedelta(days=1),
            as_of=clock.today(),
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("已终止。"))
    return redirect("console:customers_facts", account_id)


@requires("customers.edit")
@require_POST
def remove(request: HttpRequest, account_id: int, kind: str, fact_id: int) -> HttpResponse:
    """Take back an entry made by mistake."""
    try:
        customers.remove_fact(
            account_id=account_id, kind=_kind(kind), fact_id=fact_id, as_of=clock.today()
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("已删除。"))
    return redirect("console:customers_facts", account_id)


def _kind(text: str) -> FactKind:
    try:
        return FactKind(text)
    except ValueError:
        raise Http404 from None
