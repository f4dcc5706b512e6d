"""Writes: draft, approve, publish; each with its audit entry."""

import hashlib
from datetime import datetime
from importlib import import_module

from django.db import IntegrityError
from django.db.models import Max

from metercash.contexts.tariffs import contracts, queries
from metercash.contexts.tariffs.models import PriceDocument
from metercash.kernel.errors import NotFound
from metercash.platform import audit, db
from metercash.rating import document


LOCALITIES = "metercash.localities"


@db.transaction_required
def draft(yaml_text: str, author_id: int, now: datetime) -> PriceDocument:
    plan = document.parse(yaml_text)
    latest = PriceDocument.objects.filter(code=plan.code).aggregate(latest=Max("version"))["latest"]
    row = PriceDocument.objects.create(
        code=plan.code,
        title=plan.name_zh,
        version=(latest or 0) + 1,
        commodity=plan.commodity,
        citation=plan.citation,
        source=plan.source,
        confidence=plan.confidence,
        confidence_note=plan.confidence_note,
        effective_from=plan.effective_from,
        effective_until=plan.effective_until,
        yaml_text=yaml_text,
        sha256=hashlib.sha256(yaml_text.encode()).hexdigest(),
        drafted_by=author_id,
        drafted_at=now,
    )
    _record("draft", row)
    return row


@db.transaction_required
def approve(document_id: int, approver_id: int, now: datetime) -> PriceDocument:
    row = _locked(document_id, "DRAFT")
    if row.drafted_by == approver_id:
        raise contracts.SelfApproval
    row.status, row.approved_by, row.approved_at = "APPROVED", approver_id, now
    row.save(update_fields=["status", "approved_by", "approved_at"])
    _record("approve", row)
    return row


@db.transaction_required
def publish(document_id: int, now: datetime) -> PriceDocument:
    row = _locked(document_id, "APPROVED")
    PriceDocument.objects.filter(
        code=row.code,
        status="PUBLISHED",
        effective_until__isnull=True,
        effective_from__lt=row.effective_from,
    ).update(effective_until=row.effective_from)
    row.status, row.published_at = "PUBLISHED", now
    try:
        with db.savepoint():
            row.save(update_fields=["status", "published_at"])
    except IntegrityError:
        raise contracts.VersionsOverlap(plan_code=row.code) from None
    _record("publish", row)
    return row


@db.transaction_required
def load_locality(
    locality: str, author_id: int, approver_id: int, now: datetime
) -> list[contracts.PriceDocument]:
    loaded = []
    for source in import_module(LOCALITIES).load(locality).documents:
        sha256 = hashlib.sha256(source.text.encode()).hexdigest()
        row = PriceDocument.objects.filter(code=source.plan.code, sha256=sha256).first()
        if row is None:
            row = draft(source.text, author_id, now)
        if row.status == "DRAFT":
            row = approve(row.pk, approver_id, now)
        if row.status == "APPROVED":
            row = publish(row.pk, now)
        loaded.append(queries.contract(row))
    return loaded


def _locked(document_id: int, expected: str) -> PriceDocument:
    row = PriceDocument.objects.select_for_update().filter(pk=document_id).first()
    if row is None:
        raise NotFound(what="价格文件")
    if row.status != expected:
        raise contracts.WrongStatus(actual=row.status, expected=expected)
    return row


def _record(step: str, row: PriceDocument) -> None:
    audit.record(
        action=f"tariffs.document.{step}",
        subject=f"price_document:{row.pk}",
        detail={"code": row.code, "version": row.version, "sha256": row.sha256},
    )
