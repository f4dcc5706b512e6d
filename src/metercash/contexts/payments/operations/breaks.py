"""Explaining breaks: by a reason, by a second person, and where money waits, by crediting it."""

from __future__ import annotations

from datetime import datetime

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount
from metercash.contexts.payments import models, queries
from metercash.contexts.payments.contracts import (
    Break,
    BreakRefused,
    BreakStatus,
    FactKind,
    FactOutcome,
)
from metercash.contexts.payments.operations import facts
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.platform import audit, db


@db.transaction_required
def resolve(
    *,
    break_id: int,
    reason: str,
    resolved_by: str,
    approved_by: str,
    now: datetime,
    credit_account_id: int | None,
) -> Break:
    """Close a break; see ``api.resolve_break``."""
    row = (
        models.Break.objects.select_for_update(of=("self",))
        .select_related("provider_account")
        .filter(id=break_id)
        .first()
    )
    if row is None:
        raise NotFound(what="对账差异")
    if not reason.strip():
        raise InvalidInput(field="处理原因", reason="不能为空")
    if row.status != BreakStatus.OPEN:
        raise BreakRefused(reason="该差异已处理")
    if not approved_by or approved_by == resolved_by:
        raise BreakRefused(reason="必须由另一人审批")
    fact = _suspended(row)
    if fact is not None and credit_account_id is None:
        raise BreakRefused(reason="款项仍在不明款中，须指定入账户号")
    if fact is None and credit_account_id is not None:
        raise BreakRefused(reason="没有待入账的款项")
    if fact is not None and credit_account_id is not None:
        _credit(fact, credit_account_id, now)
    row.status = BreakStatus.RESOLVED
    row.reason = reason.strip()[:500]
    row.resolved_by = resolved_by
    row.approved_by = approved_by
    row.resolved_at = now
    row.save()
    audit.record(
        action="payments.break.resolve",
        subject=f"break:{row.id}",
        detail={"approved_by": approved_by, "credit_account_id": credit_account_id},
    )
    return queries.as_break(row)


def _suspended(row: models.Break) -> models.MoneyFact | None:
    if row.fact_id is None:
        return None
    found: models.MoneyFact | None = (
        models.MoneyFact.objects.select_for_update()
        .filter(id=row.fact_id, kind=FactKind.PAYMENT, outcome=FactOutcome.SUSPENSE)
        .first()
    )
    return found


def _credit(fact: models.MoneyFact, account_id: int, now: datetime) -> None:
    ledger.receive(
        account_id=account_id,
        fen=fact.amount_fen,
        business_key=f"{fact.business_key}:assign",
        debit=ChartAccount.SUSPENSE,
        accounting_date=queries.civil_day(now),
        occurred_at=now,
    )
    fact.account_id = account_id
    fact.outcome = FactOutcome.ASSIGNED
    fact.save(update_fields=["account", "outcome"])
    facts.announce(fact)
