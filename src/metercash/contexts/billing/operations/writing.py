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
from metercash.contexts.ledger.contracts import ItemKind
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
    _prove_billed_once(bill_ids, drafts, issue.purpose)
    return Written(tuple(bill_ids), billed, posted, sum(draft.total_fen for draft in drafts))


def _post(bill_ids: Sequence[int], drafts: Sequence[Draft], issue: Issue) -> int:
    """Journals and open items; a bill of zero needs neither and counts as posted."""
    charges = [
        posting.charge(bill_id, draft)
        for bill_id, draft in zip(bill_ids, drafts, strict=True)
        if draft.total_fen
    ]
    charged = ledger.charge(
        charges=charges,
        kind=ItemKind.BILL,
        event=posting.EVENT,
        due_date=issue.due_date,
        accounting_date=issue.accounting_date,
        occurred_at=issue.now,
    )
    return charged + len(drafts) - len(charges)


_OTHER_BILL = """
select other.id
from unnest(%(ids)s::bigint[], %(accounts)s::bigint[], %(starts)s::date[], %(ends)s::date[])
    as written (id, account_id, period_from, period_until)
cross join lateral (
    select id from billing_bill
    where tenant_id = %(tenant)s and account_id = written.account_id and purpose = %(purpose)s
        and period_from < written.period_until and period_until > written.period_from
        and status = 'POSTED' and id <> written.id
    offset 0
) other limit 1
"""


def _prove_billed_once(bill_ids: Sequence[int], drafts: Sequence[Draft], purpose: str) -> None:
    """Refuse if a bill of overlapping days was committed since the drafts were checked.

    The unique key sees equal periods only. Writers take turns from here to their commit, so of two that
    bill a day of one account at once the second sees the first.
    """
    tenant_id = tenancy.current_id()
    written: dict[str, str | int] = {
        "ids": db.array(bill_ids),
        "accounts": db.array(draft.facts.account_id for draft in drafts),
        "starts": db.array(draft.period.start for draft in drafts),
        "ends": db.array(draft.period.end for draft in drafts),
        "purpose": purpose,
        "tenant": tenant_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"billing.write:{tenant_id}"]
        )
        cursor.execute(_OTHER_BILL, written)
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
