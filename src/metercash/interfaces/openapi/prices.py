"""Price documents: what is published, and the way of a document to publication by two people."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from metercash.contexts.tariffs import api as tariffs
from metercash.contexts.tariffs.contracts import Attachment, Calculation, PriceDocument
from metercash.interfaces.openapi.price_shapes import (
    AttachmentOut,
    CalculateIn,
    CalculationOut,
    CloseIn,
    ComparisonOut,
    DifferenceOut,
    DraftIn,
    FindingOut,
    PricedLineOut,
    PriceFull,
    PriceOut,
    ReasonedStepIn,
    StepIn,
    TextIn,
    Username,
    WrittenIn,
)
from metercash.interfaces.openapi.security import ScopesExclude, scope
from metercash.interfaces.openapi.values import yuan
from metercash.platform.access import acting
from metercash.rating import document as documents
from metercash.rating import schema as language
from metercash.rating.errors import PlanDocumentInvalid


router = Router(tags=["prices"])


@router.get("/prices", response=list[PriceOut], summary="Published price documents")
@scope("prices:read")
def prices(
    request: HttpRequest,
    text: str = "",
    commodity: str = "",
    locality: str = "",
    code: str = "",
    on: date | None = None,
) -> list[dict[str, Any]]:
    """Published documents by words, commodity, locality, code (all its versions), day they hold."""
    found = tariffs.search(text=text, commodity=commodity, locality=locality, on=on)
    return [_row(document) for document in found if code in ("", document.code)]


@router.get("/prices/schema", auth=None, summary="JSON Schema of price documents")
def schema(request: HttpRequest) -> JsonResponse:
    """The language of price documents, for editors; open to everybody."""
    return JsonResponse(language.json_schema(), json_dumps_params={"ensure_ascii": False})


@router.get("/prices/key", response=dict[str, str], summary="Key that signs approvals")
@scope("prices:read")
def key(request: HttpRequest) -> dict[str, str]:
    """The company's public key, to compare with the one in a signed document."""
    return {"algorithm": "Ed25519", "public_key": tariffs.public_key()}


@router.post("/prices/lint", response=list[FindingOut], summary="Check a price document")
@scope("prices:read")
def lint(request: HttpRequest, body: TextIn) -> list[dict[str, Any]]:
    """Every mistake with its line; of a valid document, what was likely meant otherwise."""
    try:
        found, kind = documents.hints(body.text), "HINT"
    except PlanDocumentInvalid as error:
        found, kind = list(error.problems), "MISTAKE"
    return [
        {"kind": kind, "line": one.line, "path": one.path, "reason": one.reason} for one in found
    ]


@router.post("/prices/calculate", response=CalculationOut, summary="Rate facts, keep nothing")
@scope("prices:read")
def calculate(request: HttpRequest, body: CalculateIn) -> Mapping[str, Any]:
    """The calculator: lines with their sentences, by a published document or by a text."""
    done = tariffs.calculate(
        facts=body.facts, document_id=body.document_id, text=body.text, public=True
    )
    return _calculation(done)


@router.get("/prices/{int:document_id}", response=PriceFull, summary="One price document")
@scope("prices:read")
def price(request: HttpRequest, document_id: int) -> dict[str, Any]:
    """A published document with its text; a token that may write sees the others too."""
    return _full(tariffs.get_document(document_id=document_id, public=_outside(request)))


@router.get("/prices/{int:document_id}/signed", summary="The document with its signature")
@scope("prices:read")
def signed(request: HttpRequest, document_id: int) -> HttpResponse:
    """A file that anybody checks offline with ``metercash tariff verify``."""
    tariffs.get_document(document_id=document_id, public=_outside(request))
    content = tariffs.signed_document(document_id=document_id).dump()
    return HttpResponse(content, content_type="application/json; charset=utf-8")


@router.get(
    "/prices/{int:document_id}/diff", response=ComparisonOut, summary="What a version changes"
)
@scope("prices:read")
def diff(request: HttpRequest, document_id: int, with_id: int | None = None) -> dict[str, Any]:
    """Against another document, else against the version it follows."""
    compared = tariffs.compare(document_id=document_id, with_id=with_id, public=_outside(request))
    return {
        "old_id": compared.old.document_id if compared.old else None,
        "new_id": compared.new.document_id,
        "differences": [_fields(one, DifferenceOut) for one in compared.differences],
        "text": list(compared.text),
    }


@router.get(
    "/prices/{int:document_id}/attachments", response=list[AttachmentOut], summary="Source files"
)
@scope("prices:read")
def attachments(request: HttpRequest, document_id: int) -> list[dict[str, Any]]:
    """What the document was written from."""
    found = tariffs.list_attachments(document_id=document_id, public=_outside(request))
    return [_fields(one, AttachmentOut) for one in found]


@router.get("/prices/attachments/{int:attachment_id}", summary="Content of a source file")
@scope("prices:read")
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """The file as it was uploaded."""
    found, content = tariffs.read_attachment(attachment_id=attachment_id, public=_outside(request))
    return _download(found, content)


@router.post("/prices/drafts", response=PriceFull, summary="Keep a draft")
@scope("prices:write")
def draft(request: HttpRequest, body: DraftIn) -> dict[str, Any]:
    """The next version of the code the text names."""
    author = acting.person(body.by, "tariffs.draft")
    made = tariffs.draft(
        yaml_text=body.text, author_id=author.user_id, now=datetime.now(UTC), submit=body.submit
    )
    return _full(made)


@router.put("/prices/{int:document_id}", response=PriceFull, summary="Replace a draft's text")
@scope("prices:write")
def update(request: HttpRequest, document_id: int, body: WrittenIn) -> dict[str, Any]:
    """Only its author may."""
    author = acting.person(body.by, "tariffs.draft")
    done = tariffs.update_draft(
        document_id=document_id, yaml_text=body.text, author_id=author.user_id
    )
    return _full(done)


@router.post(
    "/prices/{int:document_id}/attachments", response=AttachmentOut, summary="Add a source file"
)
@scope("prices:write")
def attach(
    request: HttpRequest, document_id: int, by: Form[Username], file: File[UploadedFile]
) -> dict[str, Any]:
    """PDF, PNG, JPEG, Word or Excel up to 20 MB, to one's own draft."""
    author = acting.person(by, "tariffs.draft")
    made = tariffs.attach(
        document_id=document_id,
        name=(file.name or "")[-120:],
        content=file.read(),
        author_id=author.user_id,
        now=datetime.now(UTC),
    )
    return _fields(made, AttachmentOut)


@router.post("/prices/{int:document_id}/submit", response=PriceFull, summary="Submit a draft")
@scope("prices:write")
def submit(request: HttpRequest, document_id: int, body: StepIn) -> dict[str, Any]:
    """Only its author may."""
    author = acting.person(body.by, "tariffs.draft")
    done = tariffs.submit(document_id=document_id, author_id=author.user_id, now=datetime.now(UTC))
    return _full(done)


@router.post("/prices/{int:document_id}/return", response=PriceFull, summary="Return to the author")
@scope("prices:approve")
def return_to_author(
    request: HttpRequest, document_id: int, body: ReasonedStepIn
) -> dict[str, Any]:
    """Anybody who may approve, but not the author."""
    reviewer = _approver(request, body.by)
    done = tariffs.return_to_author(
        document_id=document_id, reviewer_id=reviewer, reason=body.reason
    )
    return _full(done)


@router.post("/prices/{int:document_id}/approve", response=PriceFull, summary="Approve and sign")
@scope("prices:approve")
def approve(request: HttpRequest, document_id: int, body: StepIn) -> dict[str, Any]:
    """Anybody who may approve, but not the author."""
    approver = _approver(request, body.by)
    done = tariffs.approve(document_id=document_id, approver_id=approver, now=datetime.now(UTC))
    return _full(done)


@router.post("/prices/{int:document_id}/publish", response=PriceFull, summary="Publish")
@scope("prices:approve")
def publish(request: HttpRequest, document_id: int, body: StepIn) -> dict[str, Any]:
    """Public at once; the version before it ends on its first day."""
    _approver(request, body.by)
    return _full(tariffs.publish(document_id=document_id, now=datetime.now(UTC)))


@router.post("/prices/{int:document_id}/withdraw", response=PriceFull, summary="Withdraw")
@scope("prices:approve")
def withdraw(request: HttpRequest, document_id: int, body: ReasonedStepIn) -> dict[str, Any]:
    """Approved, or published and not yet in force."""
    _approver(request, body.by)
    done = tariffs.withdraw(document_id=document_id, reason=body.reason, now=datetime.now(UTC))
    return _full(done)


@router.post("/plans/{code}/close", response=PriceFull, summary="End a plan on purpose")
@scope("prices:approve")
def close(request: HttpRequest, code: str, body: CloseIn) -> dict[str, Any]:
    """From ``on`` it has no price."""
    _approver(request, body.by)
    done = tariffs.close(plan_code=code, on=body.on, reason=body.reason, now=datetime.now(UTC))
    return _full(done)


def _approver(request: HttpRequest, username: str) -> int:
    """A token that writes drafts never approves: two people need two programs' keys."""
    if "prices:write" in request.auth.scopes:  # type: ignore[attr-defined]
        raise ScopesExclude(scope="prices:approve", other="prices:write")
    return acting.person(username, "tariffs.approve").user_id


def _outside(request: HttpRequest) -> bool:
    """Whether the program sees published documents only."""
    inside = {"prices:write", "prices:approve"}
    return inside.isdisjoint(request.auth.scopes)  # type: ignore[attr-defined]


def _fields(value: object, shape: type[Schema]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in shape.model_fields}


def _row(document: PriceDocument) -> dict[str, Any]:
    return _fields(document, PriceOut)


def _full(document: PriceDocument) -> dict[str, Any]:
    names = [name for name in PriceFull.model_fields if name != "text"]
    return {name: getattr(document, name) for name in names} | {"text": document.yaml_text}


def _calculation(done: Calculation) -> Mapping[str, Any]:
    lines = [
        {name: getattr(line, name) for name in PricedLineOut.model_fields if name != "amount"}
        | {"amount": yuan(line.amount_fen)}
        for line in done.lines
    ]
    return {
        "code": done.code,
        "citation": done.citation,
        "lines": lines,
        "total": yuan(done.total_fen),
    }


def _download(found: Attachment, content: bytes) -> HttpResponse:
    """Always as a download: a browser never renders what somebody uploaded."""
    response = HttpResponse(content, content_type=found.media_type)
    named = content_disposition_header(as_attachment=True, filename=found.name)
    response.headers["Content-Disposition"] = named or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
