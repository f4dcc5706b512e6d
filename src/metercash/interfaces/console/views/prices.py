"""Price documents: drafted by one person, approved by another, then public."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.tariffs import api as tariffs
from metercash.contexts.tariffs.contracts import DocumentStatus, PriceDocument
from metercash.interfaces.console import clock, failures, params, uploads
from metercash.kernel.errors import MetercashError
from metercash.platform.access import api as access
from metercash.platform.access import requires


@requires("tariffs.view")
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Versions of every document, found by words, business and state."""
    text = params.text(request.GET, "text", 40)
    commodity, status = request.GET.get("commodity", ""), request.GET.get("status", "")
    found = [
        one
        for one in tariffs.list_documents()
        if commodity in ("", one.commodity)
        and status in ("", one.status)
        and text.lower() in f"{one.code} {one.title} {one.citation} {one.locality}".lower()
    ]
    context = {
        "documents": found,
        "today": clock.today(),
        "commodities": ("HEAT", "POWER"),
        "statuses": list(DocumentStatus),
    }
    return render(request, "console/prices.html", context)


@requires("tariffs.view")
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """One document: its text, what it changes, its sources, and the next step."""
    shown = tariffs.get_document(document_id=document_id)
    names = {user.user_id: user.display_name for user in access.list_users()}
    context = {
        "document": shown,
        "drafter": names.get(shown.drafted_by, "—"),
        "approver": names.get(shown.approved_by or 0, "—"),
        "is_own": shown.drafted_by == request.user.id,  # type: ignore[union-attr]
        "is_coming": shown.effective_from > clock.today(),
        "attachments": tariffs.list_attachments(document_id=document_id),
        "comparison": tariffs.compare(document_id=document_id),
        "versions": tariffs.list_documents(code=shown.code),
    }
    return render(request, "console/price.html", context)


@requires("tariffs.draft")
@require_POST
def submit(request: HttpRequest, document_id: int) -> HttpResponse:
    """Hand one's own draft in."""

    def step(now: datetime) -> PriceDocument:
        return tariffs.submit(document_id=document_id, author_id=_user_id(request), now=now)

    return _advance(request, document_id, step, _("已提交，等待另一人批准。"))


@requires("tariffs.approve")
@require_POST
def approve(request: HttpRequest, document_id: int) -> HttpResponse:
    """Approve as the second person."""

    def step(now: datetime) -> PriceDocument:
        return tariffs.approve(document_id=document_id, approver_id=_user_id(request), now=now)

    return _advance(request, document_id, step, _("已批准。"))


@requires("tariffs.approve")
@require_POST
def send_back(request: HttpRequest, document_id: int) -> HttpResponse:
    """Return it to its author, saying why."""

    def step(now: datetime) -> PriceDocument:
        return tariffs.return_to_author(
            document_id=document_id,
            reviewer_id=_user_id(request),
            reason=params.text(request.POST, "reason", 200),
        )

    return _advance(request, document_id, step, _("已退回起草人。"))


@requires("tariffs.approve")
@require_POST
def publish(request: HttpRequest, document_id: int) -> HttpResponse:
    """Put it on the public page and into force on its day."""

    def step(now: datetime) -> PriceDocument:
        return tariffs.publish(document_id=document_id, now=now)

    return _advance(request, document_id, step, _("已公布。"))


@requires("tariffs.approve")
@require_POST
def withdraw(request: HttpRequest, document_id: int) -> HttpResponse:
    """Take back what does not hold yet, saying why."""

    def step(now: datetime) -> PriceDocument:
        reason = params.text(request.POST, "reason", 200)
        return tariffs.withdraw(document_id=document_id, reason=reason, now=now)

    return _advance(request, document_id, step, _("已撤回。"))


@requires("tariffs.approve")
@require_POST
def close(request: HttpRequest, document_id: int) -> HttpResponse:
    """End the plan on a day, saying why."""

    def step(now: datetime) -> PriceDocument:
        return tariffs.close(
            plan_code=tariffs.get_document(document_id=document_id).code,
            on=params.required_day(request.POST, "on", "失效日"),
            reason=params.text(request.POST, "reason", 200),
            now=now,
        )

    return _advance(request, document_id, step, _("该价格方案将在所选日期停止执行。"))


@requires("tariffs.draft")
@require_POST
def attach(request: HttpRequest, document_id: int) -> HttpResponse:
    """Add a source file to one's own draft."""

    def step(now: datetime) -> object:
        name, content = uploads.incoming(request, "file")
        return tariffs.attach(
            document_id=document_id, name=name, content=content,
            author_id=_user_id(request), now=now,
        )  # fmt: skip

    return _advance(request, document_id, step, _("来源文件已附上。"))


@requires("tariffs.draft")
@require_POST
def detach(request: HttpRequest, document_id: int, attachment_id: int) -> HttpResponse:
    """Remove a source file from one's own draft."""

    def step(now: datetime) -> None:
        tariffs.detach(attachment_id=attachment_id, author_id=_user_id(request))

    return _advance(request, document_id, step, _("来源文件已移除。"))


@requires("tariffs.view")
@require_safe
def source(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """A source file."""
    kept, content = tariffs.read_attachment(attachment_id=attachment_id)
    response = HttpResponse(content, content_type=kept.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="source-{attachment_id}"'
    return response


def _user_id(request: HttpRequest) -> int:
    return int(request.user.id)  # type: ignore[union-attr,arg-type]


def _advance(
    request: HttpRequest, document_id: int, step: Callable[[datetime], object], said: str
) -> HttpResponse:
    try:
        step(clock.now())
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, said)
    return redirect("console:prices_detail", document_id)
