"""Customers: the list, one file, and the import wizard."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metercash.contexts.billing import api as billing
from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import Category, ImportReport
from metercash.contexts.ledger import api as ledger
from metercash.contexts.metering import api as metering
from metercash.contexts.payments import api as payments
from metercash.interfaces.console import clock, failures, listing, params, uploads
from metercash.kernel.errors import MetercashError
from metercash.platform.access import requires


SORTS = ("account_no", "name")


@requires("customers.view")
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The list."""
    page, per_page = params.paging(request)
    sort = params.text(request.GET, "sort")
    category = params.text(request.GET, "category", 20)
    status = params.text(request.GET, "status", 20)
    found = customers.list_accounts(
        text=params.text(request.GET, "text"),
        community_id=params.number(request.GET, "community"),
        category=category if category in Category.__members__ else None,
        status=status if status in {"ACTIVE", "STOPPED", "CLOSED"} else None,
        page=page,
        per_page=per_page,
        sort=sort if sort.lstrip("-") in SORTS else "account_no",
    )
    context = {
        "page": found,
        "communities": customers.list_communities(),
        "categories": list(Category),
        "sort": sort or "account_no",
    }
    return listing.respond(request, "console/customers.html", "console/_customers.html", context)


@requires("customers.export")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook that can be corrected and imported again."""
    content = customers.export_workbook(
        text=params.text(request.GET, "text"),
        community_id=params.number(request.GET, "community"),
    )
    return listing.attachment(content, "客户档案.xlsx")


@requires("customers.view")
@require_safe
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One customer with meters, bills, payments and debts."""
    detail = customers.get_account(account_id=account_id)
    context = {
        "account": detail,
        "devices": metering.device_history(service_point_id=detail.service_point_id),
        "bills": billing.list_bills(account_id=account_id, per_page=12).items,
        "payments": payments.list_payments(account_id=account_id, per_page=8).items,
        "balance_fen": ledger.balances(account_ids=[account_id]).get(account_id, 0),
        "owed_fen": sum(i.open_fen for i in ledger.list_open_items(account_ids=[account_id])),
    }
    return render(request, "console/customer.html", context)


@requires("customers.import")
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook to fill in."""
    return listing.attachment(customers.import_template(), "客户导入模板.xlsx")


@requires("customers.import")
@require_safe
def fact_template(request: HttpRequest) -> HttpResponse:
    """The empty workbook of billing facts to fill in."""
    return listing.attachment(customers.fact_template(), "计费资料模板.xlsx")


@requires("customers.export")
@require_safe
def export_facts(request: HttpRequest) -> HttpResponse:
    """Every billing fact as a workbook that can be corrected and imported again."""
    return listing.attachment(customers.export_facts(), "计费资料.xlsx")


@requires("customers.import")
@require_http_methods(["GET", "POST"])
def import_customers(request: HttpRequest) -> HttpResponse:
    """Upload, read the dry run, correct or confirm."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            name, content = uploads.incoming(request, "file")
            report = customers.import_file(
                content=content, filename=name, dry_run=True, now=clock.now()
            )
            key = uploads.keep(request, name, content)
        except MetercashError as error:
            context = {"failure": failures.sentence(error)}
        else:
            context = {"report": report, "filename": name, "key": key}
    return render(request, "console/import.html", context)


@requires("customers.import")
@require_POST
def import_confirm(request: HttpRequest) -> HttpResponse:
    """Write what the dry run has shown."""
    try:
        name, content = uploads.kept(request, params.text(request.POST, "key", 64))
        report = customers.import_file(
            content=content,
            filename=name,
            dry_run=False,
            now=clock.now(),
            skip_invalid="skip" in request.POST,
        )
    except MetercashError as error:
        failures.tell(request, error)
        return redirect("console:customers_import")
    messages.success(request, _done(report))
    return redirect("console:customers")


@requires("customers.import")
@require_safe
def import_errors(request: HttpRequest, key: str) -> HttpResponse:
    """The user's own file with the faults written beside the rows."""
    name, content = uploads.kept(request, key)
    report = customers.import_file(content=content, filename=name, dry_run=True, now=clock.now())
    marked = customers.error_workbook(content=content, filename=name, report=report)
    return listing.attachment(marked, "导入错误.xlsx")


def _done(report: ImportReport) -> str:
    return _("导入完成：新增 %(created)s，更新 %(updated)s，未变 %(unchanged)s。") % {
        "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
    }  # fmt: skip
