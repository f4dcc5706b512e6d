"""Drafts become bills, journals and open items, all by COPY in the open transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection

from metercash.contexts.billing.contracts import BillStatus, CountMismatch
from metercash.contexts.billing.core import posting
from metercash.contexts.billing.core.draft import Draft, content_json
from metercash.contexts.billing.models import BILLED_ONCE, Bill, BillDocument
from metercash.contexts.ledger import api as ledger
from metercash.platform import db, outbox, tenancy


BILL_COLUMNS = (
    "id",
    "account_id",
    "account_no",
    "name",
    "community_id",
    "building_id",
    "category",
    "commodity",
    "plan_code",
    "area_milli",
    "period_from",
    "period_until",
    "generation",
    "usage_milli",
    "year_usage_milli",
    "total_fen",
    "open_fen",
    "replaces_bill_id",
)


@dataclass(frozen=True, slots=True)
class Issue:
    """What the bills of one batch have in common."""

    run_id: int | None
    purpose: str
    due_date: date
    now: datetime

    @property
    def accounting_date(self) -> date:
        """Civil day of the issue, in the zone ``now`` carries."""
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Written:
    """What one batch came to; ``billed`` and ``posted`` are counted apart and equal."""

    bill_ids: tuple[int, ...]
    billed: int
    posted: int
    total_fen: int


@db.transaction_required
def write_bills(drafts: Sequence[Draft], issue: Issue) -> Written:
    """Store bills and documents, post their journals and open their receivables.

    Raises:
        CountMismatch: if the ledger took another number than was billed.
        IntegrityError: naming ``BILLED_ONCE``, if a day of one is billed already; nothing is kept then.
    """
    if not drafts:
        return Written((), 0, 0, 0)
    bill_ids = db.reserve_ids(Bill, len(drafts))
    billed = db.copy_rows(
        Bill._meta.db_table,
        BILL_COLUMNS,
        (_bill_row(bill_id, draft) for bill_id, draft in zip(bill_ids, drafts, strict=True)),
        same={
            "run_id": issue.run_id,
            "purpose": issue.purpose,
            "status": BillStatus.POSTED.value,
            "due_date": issue.due_date,
            "issued_at": issue.now,
            "reversal_reason": "",
        },
    )
    db.copy_rows(
        BillDocument._meta.db_table,
        ("bill_id", "content"),
        ((bill_id, content_json(draft)) for bill_id, draft in zip(bill_ids, drafts, strict=True)),
    )
    posted = _post(bill_ids, drafts, issue)
    if posted != billed:
        raise CountMismatch(left="billed", left_count=billed, right="posted", right_count=posted)
    outbox.publish("billing.bills.issued", run_id=issue.run_id, bill_ids=bill_ids)
    _prove_billed_once(bill_ids)
    return Written(tuple(bill_ids), billed, posted, sum(draft.total_fen for draft in drafts))


def _post(bill_ids: Sequence[int], drafts: Sequence[Draft], issue: Issue) -> int:
    """Journals and open items; a bill of zero needs neither and counts as posted."""
    owing = [
        (bill_id, draft) for bill_id, draft in zip(bill_ids, drafts, strict=True) if draft.total_fen
    ]
    journals = ledger.post_many(
        journals=[
            posting.journal(bill_id, draft, issue.accounting_date, issue.now)
            for bill_id, draft in owing
        ]
    )
    items = ledger.open_receivables(
        items=[
            posting.receivable(bill_id, draft, issue.due_date, issue.accounting_date)
            for bill_id, draft in owing
        ]
    )
    if journals != items:
        raise CountMismatch(
            left="journals", left_count=journals, right="open_items", right_count=items
        )
    return journals + len(drafts) - len(owing)


_OTHER_BILL = """
select other.id
from unnest(%(ids)s::bigint[]) as written (id)
cross join lateral (
    select * from billing_bill where tenant_id = %(tenant)s and id = written.id offset 0
) mine
cross join lateral (
    select id from billing_bill
    where tenant_id = %(tenant)s and account_id = mine.account_id and purpose = mine.purpose
        and period_from < mine.period_until and period_until > mine.period_from
        and status = 'POSTED' and id <> mine.id
    offset 0
) other limit 1
"""


def _prove_billed_once(bill_ids: Sequence[int]) -> None:
    """Refuse if a bill of overlapping days was committed since the drafts were checked.

    The unique key sees equal periods only. Writers take turns from here to their commit, so of two that
    bill a day of one account at once the second sees the first.
    """
    with connection.cursor() as cursor:
        tenant_id = tenancy.current_id()
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"billing.write:{tenant_id}"]
        )
        cursor.execute(_OTHER_BILL, {"ids": db.id_array(bill_ids), "tenant": tenant_id})
        if cursor.fetchone():
            raise IntegrityError(BILLED_ONCE)


def _bill_row(bill_id: int, draft: Draft) -> tuple[object, ...]:
    facts, total = draft.facts, draft.total_fen
    return (
        bill_id,
        facts.account_id,
        facts.account_no,
        facts.name,
        facts.community_id,
        facts.building_id,
        facts.category,
        facts.commodity,
        facts.plan_code,
        facts.area_milli,
        draft.period.start,
        draft.period.end,
        draft.generation,
        draft.usage_milli,
        draft.year_usage_milli,
        total,
        total,
        draft.replaces_bill_id,
    )
