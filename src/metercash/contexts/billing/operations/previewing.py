"""The bills a run would issue now, computed by the run's own code and not stored."""

from datetime import date, datetime
from typing import Any

from metercash.contexts.billing.contracts import BillDetail, BillStatus, NotRatable
from metercash.contexts.billing.core import proving
from metercash.contexts.billing.core.draft import Draft, told_lines
from metercash.contexts.billing.operations import assembling
from metercash.contexts.tariffs import api as tariffs
from metercash.kernel.interval import Interval
from metercash.platform import db


@db.transaction_required
def preview(
    *, account_id: int, period: Interval[date], purpose: str, now: datetime
) -> list[BillDetail]:
    """A bill for each agreement in the period, with the reasons it would be held for."""
    return [_detail(draft, purpose) for draft in _drafts(account_id, period, purpose, now)]


@db.transaction_required
def proofs(
    *, account_id: int, period: Interval[date], purpose: str, now: datetime
) -> list[dict[str, Any]]:
    """The same bills, each with all it would be made from."""
    found = []
    for draft in _drafts(account_id, period, purpose, now):
        content = proving.content_of(draft)
        documents = tariffs.texts_by_hash(hashes=proving.hashes_of(content))
        face = proving.face_of(draft, purpose=purpose)
        found.append(proving.proof_document(content, face, documents))
    return found


def _drafts(account_id: int, period: Interval[date], purpose: str, now: datetime) -> list[Draft]:
    assembled = assembling.assemble(
        account_ids=[account_id], period=period, purpose=purpose, now=now
    )
    if assembled.refusals:
        raise NotRatable(why=assembled.refusals[0].reason.sentence)
    return sorted(assembled.drafts, key=lambda draft: draft.period.start)


def _detail(draft: Draft, purpose: str) -> BillDetail:
    facts = draft.facts
    return BillDetail(
        bill_id=None,
        bill_no="",
        account_id=facts.account_id,
        account_no=facts.account_no,
        name=facts.name,
        address=facts.address,
        community_id=facts.community_id,
        category=facts.category,
        commodity=facts.commodity,
        plan_code=facts.plan_code,
        area_milli=facts.area_milli,
        period=draft.period,
        purpose=purpose,
        generation=draft.generation,
        usage_milli=draft.usage_milli,
        usage_unit=draft.usage_unit,
        lines=told_lines(draft),
        total_fen=draft.total_fen,
        open_fen=draft.total_fen,
        due_date=None,
        issued_at=None,
        status=BillStatus.POSTED,
        determinants=draft.determinants,
        estimated_milli=draft.estimated_milli,
        citations=draft.citations,
        replaces_bill_id=draft.replaces_bill_id,
        reversal_reason="",
        reasons=draft.reasons,
    )
