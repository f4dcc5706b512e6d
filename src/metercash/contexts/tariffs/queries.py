"""Reads: price documents as contracts, parsed plans kept by the hash of their text."""

from datetime import date
from functools import lru_cache

from django.db.models import Q

from metercash.contexts.tariffs import contracts
from metercash.contexts.tariffs.models import PriceDocument
from metercash.kernel.errors import NotFound
from metercash.platform import db
from metercash.rating import document
from metercash.rating.plan import Plan


def contract(row: PriceDocument) -> contracts.PriceDocument:
    """The row as others see it."""
    names = contracts.PriceDocument.__dataclass_fields__
    values = {name: getattr(row, name) for name in names if name != "document_id"}
    return contracts.PriceDocument(document_id=row.pk, **values)


@lru_cache(maxsize=256)
def _parsed(sha256: str, text: str) -> Plan:
    return document.parse(text)


@db.transaction_required
def plan_in_force(plan_code: str, on: date) -> contracts.InForce:
    row = (
        PriceDocument.objects.filter(code=plan_code, status="PUBLISHED", effective_from__lte=on)
        .filter(Q(effective_until__isnull=True) | Q(effective_until__gt=on))
        .first()
    )
    if row is None:
        raise contracts.PlanNotInForce(plan_code=plan_code, on=on.isoformat())
    plan = _parsed(row.sha256, row.yaml_text)
    return contracts.InForce(row.pk, row.version, plan, row.citation, row.confidence)


@db.transaction_required
def documents(status: str | None) -> list[contracts.PriceDocument]:
    rows = PriceDocument.objects.order_by("code", "-version")
    return [contract(row) for row in (rows.filter(status=status) if status else rows)]


@db.transaction_required
def get_document(document_id: int) -> contracts.PriceDocument:
    row = PriceDocument.objects.filter(pk=document_id).first()
    if row is None:
        raise NotFound(what="价格文件")
    return contract(row)
