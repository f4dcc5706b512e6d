"""From draft to approval, by two people."""

from datetime import datetime

from django.db.models import Max

from metercash.contexts.tariffs import queries
from metercash.contexts.tariffs.contracts import (
    DocumentStatus,
    NotTheAuthor,
    ReasonMissing,
    SamePerson,
)
from metercash.contexts.tariffs.models import PriceDocument as Row
from metercash.contexts.tariffs.operations.rows import locked, record
from metercash.platform import db, signing
from metercash.protocols import signed_document
from metercash.rating import document as documents


REASON_MAX = 1_000


@db.transaction_required
def draft(yaml_text: str, author_id: int, now: datetime) -> Row:
    """Keep a new version of the document the text names."""
    row = Row(status=DocumentStatus.DRAFT, drafted_by=author_id, drafted_at=now)
    _write(row, yaml_text)
    row.save(force_insert=True)
    record("draft", row)
    return row


@db.transaction_required
def update_draft(document_id: int, yaml_text: str, author_id: int) -> Row:
    """Replace the text of a draft."""
    row = locked(document_id, DocumentStatus.DRAFT)
    _by_author(row, author_id)
    before = row.sha256
    _write(row, yaml_text)
    row.save()
    record("edit", row, before=before)
    return row


@db.transaction_required
def submit(document_id: int, author_id: int, now: datetime) -> Row:
    """Hand a draft in for approval."""
    row = locked(document_id, DocumentStatus.DRAFT)
    _by_author(row, author_id)
    row.status, row.submitted_at, row.returned_reason = DocumentStatus.SUBMITTED, now, ""
    row.save(update_fields=["status", "submitted_at", "returned_reason"])
    record("submit", row)
    return row


@db.transaction_required
def return_to_author(document_id: int, reviewer_id: int, reason: str) -> Row:
    """Send a submitted document back."""
    row = _reviewed(document_id, reviewer_id)
    row.status, row.returned_reason = DocumentStatus.DRAFT, given(reason)
    row.save(update_fields=["status", "returned_reason"])
    record("return", row, reason=row.returned_reason)
    return row


@db.transaction_required
def approve(document_id: int, approver_id: int, now: datetime) -> Row:
    """A second person vouches for text and source files; the approval is signed."""
    row = _reviewed(document_id, approver_id)
    row.status, row.approved_by, row.approved_at = DocumentStatus.APPROVED, approver_id, now
    row.approval = signed_document.canonical(
        {
            **queries.approved_fields(row),
            "drafted_at": row.drafted_at.isoformat(),
            "approved_at": now.isoformat(),
            "attachments": queries.attachment_hashes(row.id),
        }
    )
    row.signature = signing.sign(row.approval)
    row.save(update_fields=["status", "approved_by", "approved_at", "approval", "signature"])
    record("approve", row)
    return row


def given(reason: str) -> str:
    """The reason in words.

    Raises:
        ReasonMissing: if there is none.
    """
    said = reason.strip()[:REASON_MAX]
    if not said:
        raise ReasonMissing
    return said


def _write(row: Row, yaml_text: str) -> None:
    """Take over what the text says; another code begins with that code's next version."""
    plan = documents.parse(yaml_text)
    if row.code != plan.code:
        latest = Row.objects.filter(code=plan.code).aggregate(latest=Max("version"))["latest"]
        row.code, row.version = plan.code, (latest or 0) + 1
    row.title = plan.name_zh
    row.commodity, row.locality = plan.commodity, plan.locality
    row.citation, row.source, row.confidence = plan.citation, plan.source, plan.confidence
    row.effective_from = plan.effective_from
    row.effective_until = row.stated_until = plan.effective_until
    row.yaml_text, row.sha256 = yaml_text, signed_document.sha256(yaml_text)


def _by_author(row: Row, user_id: int) -> None:
    if row.drafted_by != user_id:
        raise NotTheAuthor


def _reviewed(document_id: int, reviewer_id: int) -> Row:
    row = locked(document_id, DocumentStatus.SUBMITTED)
    if row.drafted_by == reviewer_id:
        raise SamePerson
    return row
