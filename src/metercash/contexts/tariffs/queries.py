"""Reads of price documents."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from metercash.contexts.tariffs.contracts import (
    Attachment,
    DocumentStatus,
    DocumentTampered,
    InForce,
    NoPriceInForce,
    PriceDocument,
)
from metercash.contexts.tariffs.models import PriceAttachment
from metercash.contexts.tariffs.models import PriceDocument as Row
from metercash.kernel.errors import NotFound
from metercash.platform import db, files, signing, tenancy
from metercash.protocols import signed_document
from metercash.protocols.signed_document import SignedDocument
from metercash.rating import document as documents
from metercash.rating.plan import Plan


SIGNED = (DocumentStatus.APPROVED, DocumentStatus.PUBLISHED, DocumentStatus.WITHDRAWN)


@lru_cache(maxsize=512)
def parsed(sha256: str, yaml_text: str) -> Plan:
    """The plan of a text; the hash leads so that equal texts are parsed once."""
    return documents.parse(yaml_text)


@db.transaction_required
def plan_in_force(plan_code: str, on: date) -> InForce:
    """The published version that holds on a day, its signature proved."""
    row = (
        _published()
        .filter(
            Q(effective_until__isnull=True) | Q(effective_until__gt=on),
            code=plan_code,
            effective_from__lte=on,
        )
        .order_by("-effective_from")
        .first()
    )
    if row is None:
        raise NoPriceInForce(plan_code=plan_code, on=on)
    plan = trusted(row)
    return InForce(row.id, row.version, plan, row.citation, row.confidence, row.sha256)


def trusted(row: Row) -> Plan:
    """The plan of an approved row, proved to be the one that was signed.

    Raises:
        DocumentTampered: if text, approval or signature was changed behind our back.
    """
    reason = _distrust(
        tenancy.current_id(), row.yaml_text, row.approval, row.signature,
        tuple(approved_fields(row).items()),
    )  # fmt: skip
    if reason:
        raise DocumentTampered(code=row.code, version=row.version, reason=reason)
    return parsed(row.sha256, row.yaml_text)


@lru_cache(maxsize=512)
def _distrust(
    tenant_id: int, text: str, approval: str, signature: str, fields: tuple[tuple[str, Any], ...]
) -> str:
    """Why a document is not what was signed; empty if it is. Proved once per process."""
    if signing.signer_of(approval, signature) is None:
        return "签名不成立"
    stated = json.loads(approval)
    if any(stated.get(name) != value for name, value in fields):
        return "批准记录与签名内容不同"
    return "" if stated["sha256"] == signed_document.sha256(text) else "正文被改动过"


def approved_fields(row: Row) -> dict[str, Any]:
    """What an approval vouches for, as primitives."""
    return {
        "code": row.code,
        "version": row.version,
        "sha256": row.sha256,
        "effective_from": row.effective_from.isoformat(),
        "drafted_by": row.drafted_by,
        "approved_by": row.approved_by,
    }


@db.transaction_required
def signed(document_id: int) -> SignedDocument:
    """An approved document as a file anybody can check."""
    row = Row.objects.filter(id=document_id, status__in=SIGNED).first()
    if row is None:
        raise NotFound(what="已批准的价格文件")
    trusted(row)
    key = signing.signer_of(row.approval, row.signature)
    assert key is not None
    return SignedDocument(row.yaml_text, row.approval, row.signature, key)


@db.transaction_required
def documents_of(*, status: str = "", code: str = "") -> list[PriceDocument]:
    """Documents by code, newest version first."""
    rows = Row.objects.order_by("code", "-version")
    if status:
        rows = rows.filter(status=status)
    if code:
        rows = rows.filter(code=code)
    return [view(row) for row in rows]


@db.transaction_required
def search(
    text: str, commodity: str, locality: str, on: date | None, limit: int
) -> list[PriceDocument]:
    """Published versions that match, newest first within a code."""
    rows = _published()
    for word in text.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(citation__icontains=word)
            | Q(code__icontains=word)
            | Q(yaml_text__icontains=word)
        )
    if commodity:
        rows = rows.filter(commodity=commodity)
    if locality:
        rows = rows.filter(locality=locality)
    if on is not None:
        rows = rows.filter(
            Q(effective_until__isnull=True) | Q(effective_until__gt=on), effective_from__lte=on
        )
    return [view(row) for row in rows.order_by("locality", "code", "-effective_from")[:limit]]


@db.transaction_required
def history(code: str) -> list[PriceDocument]:
    """Published versions of a code, newest first day first."""
    return [view(row) for row in _published().filter(code=code).order_by("-effective_from")]


@db.transaction_required
def predecessor(of: PriceDocument) -> PriceDocument | None:
    """The published version of the code that began last before the document, or on its day."""
    rows = _published().filter(code=of.code, effective_from__lte=of.effective_from)
    row = rows.exclude(id=of.document_id).order_by("-effective_from").first()
    return view(row) if row else None


@db.transaction_required
def plan_titles() -> dict[str, str]:
    """Title of every plan's newest published document, by code."""
    return dict(_published().order_by("code", "effective_from").values_list("code", "title"))


@db.transaction_required
def document(document_id: int, *, public: bool = False) -> PriceDocument:
    """One document; with ``public`` only if anybody may see it."""
    rows = _published() if public else Row.objects.all()
    row = rows.filter(id=document_id).first()
    if row is None:
        raise NotFound(what="价格文件")
    return view(row)


@db.transaction_required
def texts_by_hash(hashes: Iterable[str]) -> dict[str, PriceDocument]:
    """Documents that ever held, by the hash of their text."""
    rows = Row.objects.filter(sha256__in=set(hashes), status__in=SIGNED).order_by("id")
    return {row.sha256: view(row) for row in rows}


@db.transaction_required
def attachments_of(document_id: int, *, public: bool = False) -> list[Attachment]:
    """Source files of a document, oldest first."""
    document(document_id, public=public)
    rows = PriceAttachment.objects.filter(document_id=document_id).order_by("id")
    return [attachment_view(row) for row in rows]


@db.transaction_required
def attachment(attachment_id: int, *, public: bool = False) -> tuple[Attachment, bytes]:
    """One source file and its content."""
    row = PriceAttachment.objects.filter(id=attachment_id).first()
    if row is None:
        raise NotFound(what="附件")
    document(row.document_id, public=public)
    return attachment_view(row), files.get(row.sha256)


@db.transaction_required
def attachment_hashes(document_id: int) -> list[str]:
    """Hashes of a document's source files, sorted."""
    rows = PriceAttachment.objects.filter(document_id=document_id)
    return sorted(rows.values_list("sha256", flat=True))


@db.transaction_required
def civil_day(instant: datetime) -> date:
    """The civil day of an instant in the tenant's zone."""
    tenant = tenancy.Tenant.objects.only("time_zone").get(id=tenancy.current_id())
    return instant.astimezone(ZoneInfo(tenant.time_zone)).date()


def _published() -> QuerySet[Row]:
    rows: QuerySet[Row] = Row.objects.filter(status=DocumentStatus.PUBLISHED)
    return rows


def attachment_view(row: PriceAttachment) -> Attachment:
    """The row as others see it."""
    return Attachment(
        attachment_id=row.id,
        document_id=row.document_id,
        name=row.name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        added_by=row.added_by,
        added_at=row.added_at,
    )


def view(row: Row) -> PriceDocument:
    """The row as others see it."""
    return PriceDocument(
        document_id=row.id,
        code=row.code,
        version=row.version,
        title=row.title,
        commodity=row.commodity,
        locality=row.locality,
        citation=row.citation,
        source=row.source,
        confidence=row.confidence,
        effective_from=row.effective_from,
        effective_until=row.effective_until,
        closed_on=row.closed_on,
        yaml_text=row.yaml_text,
        sha256=row.sha256,
        status=row.status,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        submitted_at=row.submitted_at,
        returned_reason=row.returned_reason,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        signature=row.signature,
        published_at=row.published_at,
    )
