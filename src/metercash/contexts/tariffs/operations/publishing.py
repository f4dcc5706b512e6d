"""Which days a version holds: publication, withdrawal, closing; one writer of a code at a time."""

from datetime import date, datetime

from metercash.contexts.tariffs import queries
from metercash.contexts.tariffs.contracts import (
    AlreadyInForce,
    DocumentStatus,
    NoPriceInForce,
    NotClosable,
)
from metercash.contexts.tariffs.core.succession import Held, ends
from metercash.contexts.tariffs.models import PriceDocument as Row
from metercash.contexts.tariffs.operations.drafting import given
from metercash.contexts.tariffs.operations.rows import locked, record
from metercash.platform import db, outbox


@db.transaction_required
def publish(document_id: int, now: datetime) -> Row:
    """The document stands on the public page; from its first day on it decides."""
    row = _alone(document_id, DocumentStatus.APPROVED)
    queries.trusted(row)
    row.status, row.published_at = DocumentStatus.PUBLISHED, now
    _hold(_published(row.code), row)
    record("publish", row)
    outbox.publish("tariffs.document.published", document_id=row.id, code=row.code)
    return row


@db.transaction_required
def withdraw(document_id: int, reason: str, now: datetime) -> Row:
    """Take back what does not hold yet; the version before goes on."""
    row = _alone(document_id, DocumentStatus.APPROVED, DocumentStatus.PUBLISHED)
    was_published = row.status == DocumentStatus.PUBLISHED
    if was_published and row.effective_from <= queries.civil_day(now):
        raise AlreadyInForce(version=row.version, since=row.effective_from)
    row.status = DocumentStatus.WITHDRAWN
    row.save(update_fields=["status"])
    if was_published:
        _hold(_published(row.code))
    record("withdraw", row, reason=given(reason))
    outbox.publish("tariffs.document.withdrawn", document_id=row.id, code=row.code)
    return row


@db.transaction_required
def close(plan_code: str, on: date, reason: str, now: datetime) -> Row:
    """End a plan for good on a day of which nothing was billed yet."""
    versions = _published(plan_code)
    if not versions:
        raise NoPriceInForce(plan_code=plan_code, on=on)
    last = max(versions, key=lambda row: row.effective_from)
    refusal = ""
    if on <= last.effective_from:
        refusal = f"第 {last.version} 版从 {last.effective_from} 才起执行，请先撤回它"
    elif on < queries.civil_day(now):
        refusal = "这一天已经过去，请选今天或以后"
    elif last.stated_until is not None and on > last.stated_until:
        refusal = f"第 {last.version} 版自己写明执行到 {last.stated_until} 前"
    if refusal:
        raise NotClosable(plan_code=plan_code, on=on, reason=refusal)
    last.closed_on = on
    last.save(update_fields=["closed_on"])
    _hold(versions)
    record("close", last, on=on.isoformat(), reason=given(reason))
    outbox.publish("tariffs.plan.closed", code=plan_code, on=on.isoformat())
    return last


def _alone(document_id: int, *expected: DocumentStatus) -> Row:
    """The row, with every version of its code held, so that days are shared out by one at a time."""
    code = queries.document(document_id).code
    list(Row.objects.select_for_update().filter(code=code).order_by("id").values_list("id"))
    return locked(document_id, *expected)


def _published(code: str) -> list[Row]:
    rows = Row.objects.select_for_update().filter(code=code).order_by("id")
    return [row for row in rows if row.status == DocumentStatus.PUBLISHED]


def _hold(versions: list[Row], new: Row | None = None) -> None:
    """Share the days out: what ends earlier first, so that no two versions ever hold on one day."""
    everyone = [*versions, new] if new else versions
    code = everyone[0].code if everyone else ""
    held = [
        Held(row.id, row.version, row.effective_from, row.closed_on or row.stated_until)
        for row in everyone
    ]
    until = ends(code, held)
    later = [row for row in versions if _extends(until[row.id], row.effective_until)]
    sooner = [row for row in versions if row not in later and until[row.id] != row.effective_until]
    for row in [*sooner, *([new] if new else []), *later]:
        row.effective_until = until[row.id]
        row.save(update_fields=["status", "published_at", "effective_until"])


def _extends(until: date | None, before: date | None) -> bool:
    return before is not None and (until is None or until > before)
