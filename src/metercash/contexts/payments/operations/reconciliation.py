"""Comparing a day with the channel's statement, which is itself a source of facts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount, Journal, Posting
from metercash.contexts.payments import models, queries
from metercash.contexts.payments.contracts import (
    BreakKind,
    BreakStatus,
    FactKind,
    Observation,
    Provider,
    Reconciliation,
    Source,
    StatementChanged,
)
from metercash.contexts.payments.core import matching
from metercash.contexts.payments.operations import facts
from metercash.platform import audit, db
from metercash.protocols.wechatpay.statement import LineKind, Statement, StatementLine


@db.transaction_required
def reconcile(
    *,
    account: models.ProviderAccount,
    day: date,
    raw: bytes,
    statement: Statement,
    now: datetime,
) -> Reconciliation:
    """Match, recover, break and settle one day; see ``api.reconcile``. Running it again changes nothing."""
    file, evidence_id = _store(account, day, raw, statement, now)
    lines = {line.line_no: line for line in statement.lines if _moved(line)}
    ours = _ours(account, day, lines.values())
    outcome = matching.match([_theirs(line) for line in lines.values()], ours)
    recovered = 0
    for line_no in outcome.only_channel:
        recovered += _recover(account, lines[line_no], evidence_id, now)
    for line_no, fact_id in outcome.amount:
        _amount_break(account, lines[line_no], fact_id, now)
    _mark(account, day, lines.values())
    waiting = _only_ours(account, day, outcome.only_ours, now)
    sums = _settle(account, day, statement)
    run = _record_run(
        account, day, file, now,
        lines=len(statement.lines), matched=len(outcome.matched), recovered=recovered,
        waiting=waiting, **sums,
    )  # fmt: skip
    audit.record(
        action="payments.reconciliation.run",
        subject=f"reconciliation:{account.provider}:{day}",
        detail={"lines": run.lines, "matched": run.matched, "recovered": run.recovered},
    )
    return queries.reconciliations([run])[0]


def _record_run(
    account: models.ProviderAccount,
    day: date,
    file: models.StatementFile,
    now: datetime,
    **counts: int,
) -> models.ReconciliationRun:
    """The day's outcome; what an earlier run recovered stays counted as recovered."""
    earlier = models.ReconciliationRun.objects.filter(provider_account=account, day=day).first()
    if earlier is not None:
        counts["recovered"] += earlier.recovered
        counts["matched"] -= earlier.recovered
    run: models.ReconciliationRun
    run, _ = models.ReconciliationRun.objects.update_or_create(
        provider_account=account,
        day=day,
        defaults={
            "statement": file,
            "status": "WAITING" if counts["waiting"] else "BALANCED",
            "ran_at": now,
            **counts,
        },
    )
    return run


def _store(
    account: models.ProviderAccount, day: date, raw: bytes, statement: Statement, now: datetime
) -> tuple[models.StatementFile, int]:
    models.ProviderAccount.objects.select_for_update().get(id=account.id)
    sha256 = hashlib.sha256(raw).hexdigest()
    earlier = models.StatementFile.objects.filter(provider_account=account, day=day).first()
    if earlier is not None and earlier.sha256 != sha256:
        raise StatementChanged(day=day)
    evidence_id = facts.store_evidence(
        account=account, source=Source.STATEMENT, raw=b"", headers={}, now=now, key_id=sha256
    )
    if earlier is None:
        earlier = models.StatementFile.objects.create(
            provider_account=account,
            day=day,
            sha256=sha256,
            raw=raw,
            lines=len(statement.lines),
            fetched_at=now,
        )
    return earlier, evidence_id


def _moved(line: StatementLine) -> bool:
    return line.kind is LineKind.PAYMENT or line.refunded


def _kind(line: StatementLine) -> FactKind:
    return FactKind.PAYMENT if line.kind is LineKind.PAYMENT else FactKind.REFUND


def _theirs(line: StatementLine) -> matching.Theirs:
    return matching.Theirs(line.line_no, _kind(line), line.provider_txn, line.amount_fen)


def _ours(
    account: models.ProviderAccount, day: date, lines: Collection[StatementLine]
) -> dict[tuple[str, str], matching.Ours]:
    """Facts the file names, and those not yet seen in any file up to the end of the day."""
    _, end = queries.day_bounds(day)
    rows = models.MoneyFact.objects.filter(provider_account=account)
    named = {line.provider_txn for line in lines}
    found = [
        *rows.filter(provider_txn__in=named),
        *rows.filter(reconciled_day__isnull=True, occurred_at__lt=end),
    ]
    return {
        (str(row.kind), row.provider_txn): matching.Ours(
            row.id, str(row.kind), row.provider_txn, row.amount_fen, row.occurred_at
        )
        for row in found
    }


def _recover(
    account: models.ProviderAccount, line: StatementLine, evidence_id: int, now: datetime
) -> int:
    """Take over money we had not heard of: the cure for lost notifications."""
    seen = Observation(
        kind=_kind(line),
        provider_txn=line.provider_txn,
        order_no=line.order_no,
        merchant_id=line.merchant_id,
        fen=line.amount_fen,
        occurred_at=line.occurred_at,
        source=Source.STATEMENT,
        settled_fen=line.settled_fen,
        fee_micro=line.fee_micro,
    )
    view = facts.apply_fact(account=account, seen=seen, evidence_id=evidence_id, now=now)
    kind = BreakKind.ONLY_CHANNEL if view.fresh else BreakKind.DUPLICATE
    facts.open_break(
        account=account,
        kind=kind,
        fact=models.MoneyFact.objects.get(id=view.fact_id),
        seen=seen,
        expected_fen=None,
        now=now,
        status=BreakStatus.AUTO_FIXED if view.fresh else BreakStatus.OPEN,
        origin="statement",
    )
    return int(view.fresh)


def _amount_break(
    account: models.ProviderAccount, line: StatementLine, fact_id: int, now: datetime
) -> None:
    fact = models.MoneyFact.objects.get(id=fact_id)
    seen = Observation(
        kind=_kind(line),
        provider_txn=line.provider_txn,
        order_no=line.order_no,
        merchant_id=line.merchant_id,
        fen=line.amount_fen,
        occurred_at=line.occurred_at,
        source=Source.STATEMENT,
    )
    facts.open_break(
        account=account,
        kind=BreakKind.AMOUNT,
        fact=fact,
        seen=seen,
        expected_fen=fact.amount_fen,
        now=now,
        origin="statement",
    )


def _mark(account: models.ProviderAccount, day: date, lines: Collection[StatementLine]) -> None:
    """Facts the channel confirmed are banked; a break that waited for them is closed."""
    for kind in FactKind:
        txns = [line.provider_txn for line in lines if _kind(line) is kind]
        confirmed = models.MoneyFact.objects.filter(
            provider_account=account, kind=kind, provider_txn__in=txns
        )
        confirmed.filter(reconciled_day__isnull=True).update(reconciled_day=day)
        models.Break.objects.filter(
            provider_account=account,
            kind=BreakKind.ONLY_OURS,
            status=BreakStatus.OPEN,
            fact_id__in=list(confirmed.values_list("id", flat=True)),
        ).update(status=BreakStatus.AUTO_FIXED, reason="后续对账单已列出")


def _only_ours(
    account: models.ProviderAccount, day: date, fact_ids: tuple[int, ...], now: datetime
) -> int:
    """Facts of the day wait one more file; older ones are a break."""
    start, end = queries.day_bounds(day)
    waiting = 0
    for fact in models.MoneyFact.objects.filter(id__in=fact_ids).order_by("id"):
        if fact.occurred_at >= start and now < end + 2 * matching.CROSS_DAY_WINDOW:
            waiting += 1
            continue
        facts.open_break(
            account=account,
            kind=BreakKind.ONLY_OURS,
            fact=fact,
            seen=None,
            expected_fen=fact.amount_fen,
            now=now,
            origin="statement",
        )
    return waiting


def _settle(account: models.ProviderAccount, day: date, statement: Statement) -> dict[str, int]:
    """Move the day from the clearing account to the bank, less fees and coupons we bear."""
    refunds = [line for line in statement.lines if line.refunded]
    refunded = sum(line.amount_fen for line in refunds)
    refunded_settled = sum(line.settled_fen for line in refunds)
    paid, settled, fee = statement.paid_fen, statement.settled_fen, statement.fee_fen
    banked = settled - refunded_settled - fee
    coupons = (paid - refunded) - (settled - refunded_settled)
    clearing = facts.CLEARING[Provider(account.provider)]
    postings = tuple(
        posting
        for posting in (
            Posting(ChartAccount.BANK, banked),
            Posting(ChartAccount.CHANNEL_FEE, fee),
            Posting(ChartAccount.DISCOUNT, coupons),
            Posting(clearing, refunded - paid),
        )
        if posting.fen
    )
    if postings:
        _, end = queries.day_bounds(day)
        ledger.post(
            journal=Journal(
                business_key=f"settlement:{account.id}:{day}",
                event="payment.settled",
                accounting_date=day + timedelta(days=1),
                occurred_at=end,
                postings=postings,
            )
        )
    return {
        "paid_fen": paid,
        "refunded_fen": refunded,
        "fee_fen": fee,
        "banked_fen": banked,
    }
