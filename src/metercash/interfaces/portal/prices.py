"""Prices for everybody: what holds, what held, why, and what it comes to."""

from collections.abc import Iterator
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from metercash.contexts.tariffs import api as tariffs
from metercash.contexts.tariffs.contracts import Calculation, PriceDocument
from metercash.interfaces.portal.session import visitor
from metercash.interfaces.web import calculator
from metercash.kernel.errors import MetercashError
from metercash.rating.document import parse
from metercash.rating.plan import Plan


@visitor
@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """The published prices that hold on a day, found by words."""
    text = request.GET.get("text", "").strip()[:40]
    on = _day(request.GET.get("on", "")) or timezone.localdate()
    found = tariffs.search(text=text, on=None if request.GET.get("all") else on)
    public = [] if request.GET else tariffs.public_documents()
    coming = [one for one in public if one.effective_from > on]
    context = {"documents": found, "coming": coming, "text": text, "on": on}
    return render(request, "portal/prices.html", context)


@visitor
@require_safe
def price(request: HttpRequest, document_id: int) -> HttpResponse:
    """One published document: what it charges, its source, its versions, its full text, and a calculator."""
    document = tariffs.get_document(document_id=document_id, public=True)
    plan = parse(document.yaml_text)
    asked = calculator.questions(plan, request.GET, timezone.localdate())
    context = {
        "document": document,
        "clauses": list(dict.fromkeys(_clauses(plan))),
        "note": plan.confidence_note,
        "versions": tariffs.history(code=document.code),
        "attachments": tariffs.list_attachments(document_id=document_id, public=True),
        "comparison": tariffs.compare(document_id=document_id, public=True),
        "questions": asked,
        **_answer(document, plan, asked, is_asked="calculate" in request.GET),
    }
    return render(request, "portal/price.html", context)


@visitor
@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """A source file of a published document."""
    kept, content = tariffs.read_attachment(attachment_id=attachment_id, public=True)
    response = HttpResponse(content, content_type=kept.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="source-{attachment_id}"'
    return response


@visitor
@require_safe
def signed(request: HttpRequest, document_id: int) -> HttpResponse:
    """The document with its signature, for anybody to check offline."""
    document = tariffs.get_document(document_id=document_id, public=True)
    content = tariffs.signed_document(document_id=document.document_id).dump()
    response = HttpResponse(content, content_type="application/json")
    name = f"{document.code}-v{document.version}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _answer(
    document: PriceDocument, plan: Plan, asked: list[calculator.Question], *, is_asked: bool
) -> dict[str, Calculation | MetercashError]:
    if not is_asked:
        return {}
    try:
        told = calculator.facts(plan, asked)
        return {
            "calculation": tariffs.calculate(
                facts=told, document_id=document.document_id, public=True
            )
        }
    except MetercashError as error:
        return {"problem": error}


def _clauses(plan: Plan) -> Iterator[str]:
    for part in plan.components:
        if clause := getattr(part, "clause", ""):
            yield clause


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a civil day has no zone
    except ValueError:
        return None
