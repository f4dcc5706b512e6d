"""Reads of price documents."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.db.models import Q

from metercash.contexts.tariffs.contracts import (
    DocumentStatus,
    InForce,
    NoPriceInForce,
    PriceDocument,
)
from metercash.contexts.tariffs.models import PriceDocument as Row
from metercash.kernel.errors import NotFound
from metercash.platform import db
from metercash.rating import document as documents
from metercash.rating.plan import Plan


@lru_cache(maxsize=512)
def parsed(sha256: str, yaml_text: str) -> Plan:
    """The plan of a text; the hash leads so that equal texts are parsed once."""
    return documents.parse(yaml_text)


@db.transaction_required
def plan_in_force(plan_code: str, on: date) -> InForce:
    """The published version that holds on a day."""
    row = (
        Row.objects.filter(
            Q(effective_until__isnull=True) | Q(effective_until__gt=on),
            code=plan_code,
            status=DocumentStatus.PUBLISHED,
            effective_from__lte=on,
        )
        .order_by("-effective_from")
        .first()
    )
    if row is None:
        raise NoPriceInForce(plan_code=plan_code, on=on)
    plan = parsed(row.sha256, row.yaml_text)
    return InForce(row.id, row.version, plan, row.citation, row.confidence, row.sha256)


@db.transaction_required
def documents_of(*, status: str = "") -> list[PriceDocument]:
    """Documents by code, newest version first."""
    rows = Row.objects.order_by("code", "-version")
    if status:
        rows = rows.filter(status=status)
    return [view(row) for row in rows]


@db.transaction_required
def plan_titles() -> dict[str, str]:
    """Title of every plan's newest published document, by code."""
    rows = Row.objects.filter(status=DocumentStatus.PUBLISHED).order_by("code", "version")
    return dict(rows.values_list("code", "title"))


@db.transaction_required
def document(document_id: int) -> PriceDocument:
    """One document."""
    row = Row.objects.filter(id=document_id).first()
    if row is None:
        raise NotFound(what="价格文件")
    return view(row)


@db.transaction_required
def texts_by_hash(hashes: Iterable[str]) -> dict[str, PriceDocument]:
    """Documents that ever held, by the hash of their text."""
    held = (DocumentStatus.APPROVED, DocumentStatus.PUBLISHED)
    rows = Row.objects.filter(sha256__in=set(hashes), status__in=held).order_by("id")
    return {row.sha256: view(row) for row in rows}


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
        yaml_text=row.yaml_text,
        sha256=row.sha256,
        status=row.status,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        published_at=row.published_at,
    )
