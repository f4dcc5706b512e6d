"""Late-fee terms adopted, late fees charged and taken back."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from metercash.contexts.collections import models
from metercash.contexts.collections.contracts import (
    LateFeePass,
    PolicyConflict,
    PolicyTerms,
    PolicyTooEarly,
)
from metercash.contexts.collections.core.terms import check
from metercash.contexts.collections.queries import owed as queries
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import Charge, ChartAccount, ItemKind
from metercash.platform import audit, db, tenancy


@db.transaction_required
def adopt(terms: PolicyTerms, *, effective_from: date, citation: str, approved_by: str) -> int:
    """Record a version of the terms; see ``api.adopt_policy``."""
    if models.LateFeePolicy.objects.filter(effective_from=effective_from).exists():
        raise PolicyConflict(effective_from=effective_from)
    check(terms, citation)
    charged = models.Accrual.objects.filter(charged_fen__gt=0, as_of__gt=effective_from)
    charged_to = charged.order_by("-as_of").values_list("as_of", flat=True).first()
    if charged_to is not None:
        raise PolicyTooEarly(charged_to=charged_to)
    cap = terms.cap_of_principal
    row = models.LateFeePolicy.objects.create(
        effective_from=effective_from,
        rate_per_mille_per_day=str(terms.rate_per_mille_per_day),
        start_days=terms.start_days,
        cap_of_principal=None if cap is None else str(cap),
        minimum_fen=terms.minimum_fen,
        exempt_categories=list(terms.exempt_categories),
        citation=citation,
        approved_by=approved_by,
    )
    audit.record(
        action="collections.policy.adopt",
        subject=f"late_fee_policy:{row.id}",
        detail={
            "effective_from": str(effective_from),
            "citation": citation,
            "rate_per_mille_per_day": str(terms.rate_per_mille_per_day),
            "start_days": terms.start_days,
            "cap_of_principal": None if cap is None else str(cap),
            "minimum_fen": terms.minimum_fen,
        },
    )
    return int(row.id)


@db.transaction_required
def accrue(as_of: date, *, now: datetime) -> LateFeePass:
    """One pass over overdue bills; see ``api.accrue_late_fees``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended('collections.accrue:' || %s::text, 0))",
            [str(tenancy.current_id())],
        )
    owed = queries.owed(queries.overdue_bills(as_of, None), as_of)
    raised = [row for row in owed if row.fee_fen > row.charged_fen]
    lowered = [row for row in owed if row.fee_fen < row.charged_fen]
    _charge(raised, as_of, now=now)
    lowered_fen = sum(_lower(row, as_of, now=now) for row in lowered)
    _remember(owed, as_of)
    return LateFeePass(
        as_of=as_of,
        bills=len(owed),
        raised=len(raised),
        raised_fen=sum(row.fee_fen - row.charged_fen for row in raised),
        lowered=len(lowered),
        lowered_fen=lowered_fen,
    )


def _charge(rows: Sequence[queries.Owed], as_of: date, *, now: datetime) -> None:
    charges = [
        Charge(
            row.item.account_id,
            f"late-fee:{row.item.reference}:{as_of}:{row.charged_fen}",
            fen := row.fee_fen - row.charged_fen,
            ((ChartAccount.REVENUE_LATE_FEE, fen),),
            f"{as_of}违约金",
        )
        for row in rows
    ]
    ledger.charge(
        charges=charges,
        kind=ItemKind.LATE_FEE,
        event="collections.late_fee.charged",
        due_date=as_of,
        accounting_date=as_of,
        occurred_at=now,
    )


def _lower(row: queries.Owed, as_of: date, *, now: datetime) -> int:
    """Take back what was charged too much, as far as it is still unpaid."""
    excess, lowered = row.charged_fen - row.fee_fen, 0
    prefix = f"late-fee:{row.item.reference}:"
    fees = ledger.list_open_items(account_ids=[row.item.account_id], kind=ItemKind.LATE_FEE)
    for fee in fees:
        fen = min(excess - lowered, fee.open_fen)
        if fee.reference.startswith(prefix) and fen > 0:
            ledger.waive(
                reference=fee.reference,
                fen=fen,
                business_key=f"late-fee-lowered:{fee.open_item_id}:{as_of}:{fee.open_fen}",
                accounting_date=as_of,
                occurred_at=now,
            )
            lowered += fen
    return lowered


def _remember(rows: Sequence[queries.Owed], as_of: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into collections_accrual "
            "(tenant_id, reference, account_id, charged_fen, as_of, settled) "
            "select %s, reference, account_id, fen, %s, settled "
            "from unnest(%s::text[], %s::bigint[], %s::bigint[], %s::boolean[]) "
            "as r (reference, account_id, fen, settled) "
            "on conflict (tenant_id, reference) do update set charged_fen = excluded.charged_fen, "
            "as_of = excluded.as_of, settled = excluded.settled",
            [
                tenancy.current_id(),
                as_of,
                [row.item.reference for row in rows],
                [row.item.account_id for row in rows],
                [row.fee_fen for row in rows],
                [row.item.open_fen == 0 for row in rows],
            ],
        )
