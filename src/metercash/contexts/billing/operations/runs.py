"""Making, executing and finishing a bill run, chunk by chunk."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from time import perf_counter

from metercash.contexts.billing.contracts import (
    BillStatus,
    ChunkState,
    CountMismatch,
    ExceptionStatus,
    RunNotExecutable,
    RunStatus,
)
from metercash.contexts.billing.core.draft import Draft, Refusal, reasons_data
from metercash.contexts.billing.core.settling import SETTLEMENT, settlement_by
from metercash.contexts.billing.models import (
    Bill,
    BillDocument,
    BillException,
    BillRun,
    BillRunChunk,
)
from metercash.contexts.billing.operations import assembling, proving, writing
from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.tariffs import api as tariffs
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.kernel.interval import Interval
from metercash.platform import audit, db, outbox


ACCOUNTS_PER_CHUNK = 4_096
STATISTICS_ROWS_MIN = 1_000
OUTCOME = (
    "state", "selected", "aggregated", "rated", "excepted", "billed", "posted", "verified",
    "total_fen", "gather_ms", "aggregate_ms", "rate_ms", "write_ms",
)  # fmt: skip
CLOSED = (RunStatus.DONE, RunStatus.CANCELLED)


@db.transaction_required
def create(
    *,
    period: Interval[date],
    purpose: str,
    commodity: str,
    plan_code: str | None,
    account_ids: Sequence[int] | None,
    due_date: date,
    now: datetime,
    accounts_per_chunk: int = ACCOUNTS_PER_CHUNK,
) -> int:
    """Freeze which accounts the run bills; those already billed for the period stay out."""
    if due_date < period.start:
        raise InvalidInput(field="缴费期限", reason="不能早于账期开始")
    wanted = _selected(commodity, plan_code, account_ids, period)
    billed = _billed_accounts(period, purpose)
    chosen = [account_id for account_id in wanted if account_id not in billed]
    run = BillRun.objects.create(
        period_from=period.start,
        period_until=period.end,
        purpose=purpose,
        commodity=commodity,
        plan_code=plan_code or "",
        due_date=due_date,
        accounts=len(chosen),
        already_billed=len(wanted) - len(chosen),
        created_at=now,
    )
    db.copy_rows(
        BillRunChunk._meta.db_table,
        ("run_id", "number", "account_ids"),
        (
            (run.id, number, db.array(part))
            for number, part in enumerate(_parts(chosen, accounts_per_chunk), start=1)
        ),
        same={**dict.fromkeys(OUTCOME, 0), "state": ChunkState.PENDING.value},
    )
    audit.record(
        action="billing.run.create",
        subject=f"bill_run:{run.id}",
        detail={"accounts": len(chosen), "already_billed": len(wanted) - len(chosen)},
    )
    return int(run.id)


def purpose_of(
    purpose: str,
    settlement_plan: str | None,
    period: Interval[date],
    *,
    chooses_accounts: bool,
) -> str:
    """What the run's bills are marked with; a settlement's also says by which plan."""
    if (purpose == SETTLEMENT) != (settlement_plan is not None):
        raise InvalidInput(field="清算方案", reason="清算须写价格方案，其他出账不写")
    if settlement_plan is not None and not chooses_accounts:
        raise InvalidInput(field="清算范围", reason="清算须写被清算的价格方案或账户")
    if settlement_plan is None:
        return purpose
    tariffs.plan_in_force(plan_code=settlement_plan, on=period.start)
    return settlement_by(settlement_plan)


def _selected(
    commodity: str,
    plan_code: str | None,
    account_ids: Sequence[int] | None,
    period: Interval[date],
) -> list[int]:
    every = customers.account_ids(commodity=commodity, plan_code=plan_code, period=period)
    if account_ids is None:
        return sorted(every)
    return sorted(set(every) & set(account_ids))


def _billed_accounts(period: Interval[date], purpose: str) -> set[int]:
    """Accounts with a standing bill of exactly the period; a partial overlap is for the checks."""
    return set(
        Bill.objects.filter(
            period_from=period.start,
            period_until=period.end,
            purpose=purpose,
            status=BillStatus.POSTED,
        ).values_list("account_id", flat=True)
    )


def _parts(ids: Sequence[int], size: int) -> list[Sequence[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]


@db.transaction_required
def start(*, run_id: int, now: datetime) -> None:
    """Mark the run as running; a failed or interrupted one goes on where it stood."""
    run = _locked(run_id)
    if run.status in CLOSED:
        raise RunNotExecutable(run_id=run_id, run_status=run.status)
    run.status = RunStatus.RUNNING
    run.failure = ""
    run.started_at = run.started_at or now
    run.save(update_fields=["status", "failure", "started_at"])


@db.transaction_required
def execute_next_chunk(*, run_id: int, now: datetime) -> BillRunChunk | None:
    """Bill the next chunk nobody else works on: aggregate, rate, check, write, post, mark done.

    Returns:
        The chunk, or None if none is left to take or the run was cancelled.
    """
    run = BillRun.objects.filter(id=run_id).first()
    if run is None or run.status != RunStatus.RUNNING:
        return None
    chunk: BillRunChunk | None = (
        BillRunChunk.objects.select_for_update(skip_locked=True)
        .filter(run_id=run_id, state=ChunkState.PENDING)
        .order_by("number")
        .first()
    )
    if chunk is None:
        return None
    period = Interval(run.period_from, run.period_until)
    assembled = assembling.assemble(
        account_ids=chunk.account_ids, period=period, purpose=run.purpose, now=now
    )
    began = perf_counter()
    clean = [draft for draft in assembled.drafts if not draft.reasons]
    held = [draft for draft in assembled.drafts if draft.reasons]
    chunk.verified = proving.prove(clean, run_id=run_id, purpose=run.purpose)
    # Exceptions are locked before the writers' turn is taken, as a decision on one does.
    raise_exceptions(held, assembled.refusals, run, now)
    _supersede(chunk.account_ids, run)
    issue = writing.Issue(run_id, run.purpose, run.due_date, now)
    written = writing.write_bills(clean, issue)
    chunk.selected = assembled.selected
    chunk.aggregated = sum(draft.aggregated for draft in assembled.drafts)
    chunk.rated = len(clean)
    chunk.excepted = len(held) + len(assembled.refusals)
    chunk.billed, chunk.posted = written.billed, written.posted
    chunk.total_fen = written.total_fen
    chunk.gather_ms, chunk.aggregate_ms = assembled.gather_ms, assembled.aggregate_ms
    chunk.rate_ms = assembled.rate_ms
    chunk.write_ms = round(1000 * (perf_counter() - began))
    _require_equal("selected", chunk.selected, "rated+excepted", chunk.rated + chunk.excepted)
    _require_equal("rated", chunk.rated, "billed", chunk.billed)
    chunk.state = ChunkState.DONE
    chunk.save(update_fields=OUTCOME)
    return chunk


def _require_equal(left: str, left_count: int, right: str, right_count: int) -> None:
    if left_count != right_count:
        raise CountMismatch(left=left, left_count=left_count, right=right, right_count=right_count)


@db.transaction_required
def raise_exceptions(
    held: Sequence[Draft], refusals: Sequence[Refusal], run: BillRun, now: datetime
) -> None:
    """Queue what waits for a person, with its evidence and the money at stake."""
    rows = [
        BillException(
            run_id=run.id,
            account_id=draft.facts.account_id,
            account_no=draft.facts.account_no,
            name=draft.facts.name,
            community_id=draft.facts.community_id,
            period_from=draft.period.start,
            period_until=draft.period.end,
            purpose=run.purpose,
            reason=draft.reasons[0].reason,
            reasons=reasons_data(draft.reasons),
            stake_fen=draft.total_fen,
            raised_at=now,
        )
        for draft in held
    ]
    rows += [
        BillException(
            run_id=run.id,
            account_id=refusal.account_id,
            account_no=refusal.account_no,
            name=refusal.name,
            community_id=refusal.community_id,
            period_from=refusal.period.start,
            period_until=refusal.period.end,
            purpose=run.purpose,
            reason=refusal.reason.reason,
            reasons=reasons_data((refusal.reason,)),
            stake_fen=0,
            raised_at=now,
        )
        for refusal in refusals
    ]
    BillException.objects.bulk_create(rows, batch_size=1000)


def _supersede(account_ids: Sequence[int], run: BillRun) -> None:
    """Close what earlier runs asked about the same accounts and period: this run has asked anew."""
    BillException.objects.filter(
        account_id__in=account_ids,
        period_from__lt=run.period_until,
        period_until__gt=run.period_from,
        purpose=run.purpose,
        status=ExceptionStatus.OPEN,
        run_id__lt=run.id,
    ).update(status=ExceptionStatus.SUPERSEDED)


@db.transaction_required
def finish(*, run_id: int, now: datetime, elapsed_ms: int) -> None:
    """Mark the run as done once every chunk is, after counting the bills themselves.

    Raises:
        CountMismatch: if the table of bills holds another number than the chunks handed on.
    """
    run = _locked(run_id)
    chunks = BillRunChunk.objects.filter(run_id=run_id)
    if run.status != RunStatus.RUNNING or chunks.exclude(state=ChunkState.DONE).exists():
        return
    posted = sum(chunks.values_list("posted", flat=True))
    approved = BillException.objects.filter(
        run_id=run_id, status=ExceptionStatus.APPROVED, bill_id__isnull=False
    ).count()
    stored = Bill.objects.filter(run_id=run_id).count()
    _require_equal("posted", posted + approved, "stored", stored)
    run.elapsed_ms += elapsed_ms
    run.status = RunStatus.DONE
    run.finished_at = now + timedelta(milliseconds=elapsed_ms)
    run.save(update_fields=["status", "finished_at", "elapsed_ms"])
    if posted >= STATISTICS_ROWS_MIN:
        db.refresh_statistics(Bill, BillDocument)
        ledger.refresh_statistics()
    outbox.publish("billing.run.finished", run_id=run_id, posted=posted)
    audit.record(
        action="billing.run.finish", subject=f"bill_run:{run_id}", detail={"posted": posted}
    )


@db.transaction_required
def fail(*, run_id: int, failure: str, elapsed_ms: int) -> None:
    """Keep why the run stopped; it can be executed again."""
    run = _locked(run_id)
    if run.status == RunStatus.RUNNING:
        run.status = RunStatus.FAILED
        run.failure = failure[:2000]
        run.elapsed_ms += elapsed_ms
        run.save(update_fields=["status", "failure", "elapsed_ms"])
        audit.record(
            action="billing.run.fail", subject=f"bill_run:{run_id}", detail={"failure": failure}
        )


@db.transaction_required
def cancel(*, run_id: int) -> None:
    """Stop before the next chunk; bills already posted stand."""
    run = _locked(run_id)
    if run.status in CLOSED:
        raise RunNotExecutable(run_id=run_id, run_status=run.status)
    run.status = RunStatus.CANCELLED
    run.save(update_fields=["status"])
    audit.record(action="billing.run.cancel", subject=f"bill_run:{run_id}", detail={})


def _locked(run_id: int) -> BillRun:
    run: BillRun | None = BillRun.objects.select_for_update().filter(id=run_id).first()
    if run is None:
        raise NotFound(what=f"出账任务 {run_id}")
    return run
