"""Price documents: drafted by one person, approved by another, then public."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metercash.contexts.tariffs import api as tariffs
from metercash.interfaces.console import clock, failures, params
from metercash.kernel.errors import MetercashError
from metercash.platform.access import api as access
from metercash.platform.access import requires
from metercash.rating.errors import PlanDocumentInvalid


TEXT_MAX = 200_000


@requires("tariffs.view")
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Every version of every document."""
    context = {"documents": tariffs.list_documents()}
    return render(request, "console/prices.html", context)


@requires("tariffs.view")
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """One document with its text and its next step."""
    shown = tariffs.get_document(document_id=document_id)
    names = {user.user_id: user.display_name for user in access.list_users()}
    context = {
        "document": shown,
        "drafter": names.get(shown.drafted_by, "—"),
        "approver": names.get(shown.approved_by or 0, "—"),
    }
    return render(request, "console/price.html", context)


@requires("tariffs.draft")
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Write a document; every mistake is named with its line."""
    problems: list[str] = []
    base = params.number(request.GET, "from")
    text = tariffs.get_document(document_id=base).yaml_text if base else ""
    if request.method == "POST":
        text = request.POST.get("text", "")[:TEXT_MAX]
        try:
            made = tariffs.draft(
                yaml_text=text.replace("\r\n", "\n"),
                author_id=request.user.id,  # type: ignore[union-attr,arg-type]
                now=clock.now(),
                submit=True,
            )
        except PlanDocumentInvalid as error:
            problems = [str(problem) for problem in error.problems]
        except MetercashError as error:
            problems = [failures.sentence(error)]
        else:
            messages.success(request, _("草稿已保存，请另一人批准。"))
            return redirect("console:prices_detail", made.document_id)
    return render(request, "console/price_draft.html", {"text": text, "problems": problems})


@requires("tariffs.approve")
@require_POST
def approve(request: HttpRequest, document_id: int) -> HttpResponse:
    """Approve as the second person."""

    def step(now: datetime) -> None:
        tariffs.approve(document_id=document_id, approver_id=request.user.id, now=now)  # type: ignore[union-attr,arg-type]

    return _advance(request, document_id, step, _("已批准。"))


@requires("tariffs.approve")
@require_POST
def publish(request: HttpRequest, document_id: int) -> HttpResponse:
    """Put it on the public page and into force on its day."""

    def step(now: datetime) -> None:
        tariffs.publish(document_id=document_id, now=now)

    return _advance(request, document_id, step, _("已公布。"))


def _advance(
    request: HttpRequest, document_id: int, step: Callable[[datetime], None], said: str
) -> HttpResponse:
    try:
        step(clock.now())
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, said)
    return redirect("console:prices_detail", document_id)
