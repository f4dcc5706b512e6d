"""Writes of price documents."""

import hashlib
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Max

from metercash.contexts.tariffs.contracts import (
    DocumentStatus,
    NotTheNextStep,
    PeriodTaken,
    SamePerson,
)
from metercash.contexts.tariffs.models import PriceDocument as Row
from metercash.kernel.errors import NotFound
from metercash.platform import audit, db, outbox
from metercash.rating import document as documents


@db.transaction_required
def draft(yaml_text: str, author_id: int, now: datetime) -> Row:
    """Keep a new version of the document the text names."""
    plan = documents.parse(yaml_text)
    latest = Row.objects.filter(code=plan.code).aggregate(latest=Max("version"))["latest"] or 0
    row: Row = Row.objects.create(
        code=plan.code,
        version=latest + 1,
        title=plan.name_zh,
        commodity=plan.commodity,
        locality=plan.locality,
        citation=plan.citation,
        source=plan.source,
        confidence=plan.confidence,
        effective_from=plan.effective_from,
        effective_until=plan.effective_until,
        yaml_text=yaml_text,
        sha256=hashlib.sha256(yaml_text.encode()).hexdigest(),
        status=DocumentStatus.DRAFT,
        drafted_by=author_id,
        drafted_at=now,
    )
    _record("draft", row)
    return row


@db.transaction_required
def approve(document_id: int, approver_id: int, now: datetime) -> Row:
    """A second person vouches for the text."""
    row = _locked(document_id, expected=DocumentStatus.DRAFT)
    if row.drafted_by == approver_id:
        raise SamePerson
    row.status, row.approved_by, row.approved_at = DocumentStatus.APPROVED, approver_id, now
    row.save(update_fields=["status", "approved_by", "approved_at"])
    _record("approve", row)
    return row


@db.transaction_required
def publish(document_id: int, now: datetime) -> Row:
    """The document begins to hold and stands on the public page."""
    row = _locked(document_id, expected=DocumentStatus.APPROVED)
    row.status, row.published_at = DocumentStatus.PUBLISHED, now
    try:
        with db.savepoint():
            row.save(update_fields=["status", "published_at"])
    except IntegrityError as error:
        if "tariffs_one_version_a_day" not in str(error):
            raise
        raise PeriodTaken(code=row.code, since=row.effective_from) from error
    _record("publish", row)
    outbox.publish("tariffs.document.published", document_id=row.id, code=row.code)
    return row


def _locked(document_id: int, *, expected: DocumentStatus) -> Row:
    row: Row | None = Row.objects.select_for_update().filter(id=document_id).first()
    if row is None:
        raise NotFound(what="价格文件")
    if row.status != expected:
        raise NotTheNextStep(document_status=DocumentStatus(row.status).label)
    return row


def _record(verb: str, row: Row) -> None:
    audit.record(
        action=f"tariffs.document.{verb}",
        subject=f"price:{row.id}",
        detail={"code": row.code, "version": row.version, "sha256": row.sha256},
    )
