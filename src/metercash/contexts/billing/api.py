"""The front door of billing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from metercash.contexts.billing import execution, printing, queries
from metercash.contexts.billing.contracts import (
    BillDetail,
    BillRow,
    BillTotals,
    CommunityTotals,
    Comparison,
    ExceptionRow,
    OnProgress,
    RunSummary,
)
from metercash.contexts.billing.contracts.billed import Billed, Population
from metercash.contexts.billing.core import settling
from metercash.contexts.billing.operations import billed as billed_reads
from metercash.contexts.billing.operations import (
    corrections,
    deciding,
    following,
    previewing,
    runs,
)
from metercash.kernel.interval import Interval
from metercash.platform import db, tenancy
from metercash.platform.paging import Page


REGULAR = "REGULAR"
SETTLEMENT = settling.SETTLEMENT


@db.transaction()
def create_run(
    *,
    period: Interval[date],
    purpose: str = REGULAR,
    commodity: str,
    plan_code: str | None = None,
    account_ids: Sequence[int] | None = None,
    settlement_plan: str | None = None,
    due_date: date,
    now: datetime,
    accounts_per_chunk: int = runs.ACCOUNTS_PER_CHUNK,
) -> RunSummary:
    """Make a run: freeze its accounts in chunks. Nothing is billed yet.

    Args:
        purpose: Distinguishes bills of one period, such as ``REGULAR``.
        plan_code: Only accounts on this plan; all plans of the commodity if None.
        account_ids: Only these accounts; all if None.
        settlement_plan: Plan the accounts are settled by over the period, in the place of their own;
            with the purpose ``SETTLEMENT`` and no other. Each plan settles a period once; whose
            accounts, ``plan_code`` or ``account_ids`` must say.
        accounts_per_chunk: Accounts billed in one transaction.

    Raises:
        InvalidInput: if the due date lies before the period, or a settlement names no plan or no accounts.
        NoPriceInForce: if nothing of the settlement's plan is published for the first day.
    """
    run_id = runs.create(
        period=period,
        purpose=runs.purpose_of(
            purpose,
            settlement_plan,
            period,
            chooses_accounts=plan_code is not None or account_ids is not None,
        ),
        commodity=commodity,
        plan_code=plan_code,
        account_ids=account_ids,
        due_date=due_date,
        now=now,
        accounts_per_chunk=accounts_per_chunk,
    )
    return queries.run_summary(run_id)


def execute_run(
    *, run_id: int, now: datetime, on_progress: OnProgress | None = None, workers: int = 1
) -> RunSummary:
    """Execute a run, or what an interrupted execution left of it; each chunk is one transaction.

    Args:
        on_progress: Called after each chunk of this process and at the end.
        workers: Processes to work in, this one included.

    Raises:
        RunNotExecutable: if the run is done or cancelled.
        CountMismatch: if two stages disagree on what they handed over.
        WorkerLost: if a process of the run died; execute again to go on.
    """
    return execution.execute(
        run_id=run_id, now=_local(now), on_progress=on_progress, workers=workers
    )


@db.transaction()
def cancel_run(*, run_id: int) -> RunSummary:
    """Stop a run before its next chunk; bills already posted stand.

    Raises:
        NotFound: if there is no such run.
        RunNotExecutable: if it is done or cancelled already.
    """
    runs.cancel(run_id=run_id)
    return queries.run_summary(run_id)


@db.transaction()
def get_run(*, run_id: int) -> RunSummary:
    """A run with its progress so far.

    Raises:
        NotFound: if there is no such run.
    """
    return queries.run_summary(run_id)


@db.transaction()
def list_runs(*, page: int = 1, per_page: int = 50) -> Page[RunSummary]:
    """Runs, latest first."""
    return queries.run_page(page, per_page)


@db.transaction()
def preview(
    *, account_id: int, period: Interval[date], purpose: str = REGULAR, now: datetime
) -> list[BillDetail]:
    """The bills a run would issue now, by the run's own code; nothing is stored.

    Returns:
        One for each agreement of the account in the period, in order of time.

    Raises:
        NotRatable: if one cannot be computed, with the reason in words.
    """
    return previewing.preview(
        account_id=account_id, period=period, purpose=purpose, now=_local(now)
    )


@db.transaction()
def preview_proofs(
    *, account_id: int, period: Interval[date], purpose: str = REGULAR, now: datetime
) -> list[dict[str, Any]]:
    """What :func:`proof` would give of the bills of :func:`preview`; they have no number yet.

    Raises:
        NotRatable: if one cannot be computed, with the reason in words.
    """
    return previewing.proofs(account_id=account_id, period=period, purpose=purpose, now=_local(now))


@db.transaction()
def get_bill(*, bill_id: int) -> BillDetail:
    """A bill with its lines and why each came about.

    Raises:
        NotFound: if there is no such bill.
    """
    return queries.bill_details([bill_id])[0]


@db.transaction()
def proof(*, bill_id: int) -> dict[str, Any]:
    """A bill with all it was made from, as plain JSON for the second calculator.

    It holds the text of each price document, the facts of each stretch, the share of a season and
    the printed lines; see docs/howto/verify-a-bill.md.

    Raises:
        NotFound: if there is no such bill.
    """
    return queries.proof(bill_id)


@db.transaction()
def billed(*, population: Population, after: int = 0, limit: int = 5_000) -> list[Billed]:
    """Posted bills with the facts they were made from, by id, those above ``after`` first.

    A bill whose price changed inside has a stretch for each document.
    """
    return billed_reads.billed(population, after, limit)


@db.transaction()
def list_bills(
    *,
    status: str | None = None,
    community_id: int | None = None,
    text: str = "",
    min_open_fen: int | None = None,
    account_id: int | None = None,
    run_id: int | None = None,
    as_of: date | None = None,
    sort: str = "-bill_id",
    page: int = 1,
    per_page: int = 50,
) -> Page[BillRow]:
    """Bills by filter.

    Args:
        status: A ``BillFilter``; ``OVERDUE`` needs ``as_of``.
        text: Account number, name, phone tail or address.
        min_open_fen: Owing at least this much.
        sort: ``bill_id``, ``total_fen``, ``open_fen``, ``due_date``, ``account_no`` or ``period_from``,
            with ``-`` in front for descending.

    Returns:
        A page whose total is None beyond ten thousand bills.

    Raises:
        InvalidInput: if the status or the sort is unknown.
    """
    bills = queries.bill_query(
        status=status,
        community_id=community_id,
        text=text,
        min_open_fen=min_open_fen,
        account_id=account_id,
        run_id=run_id,
        as_of=as_of,
    )
    return queries.bill_page(bills, sort, page, per_page)


@db.transaction()
def bill_totals(
    *,
    status: str | None = None,
    community_id: int | None = None,
    text: str = "",
    min_open_fen: int | None = None,
    account_id: int | None = None,
    run_id: int | None = None,
    as_of: date | None = None,
) -> BillTotals:
    """Count and sums over the filter of :func:`list_bills`; reads every bill it matches."""
    return queries.bill_sums(
        queries.bill_query(
            status=status,
            community_id=community_id,
            text=text,
            min_open_fen=min_open_fen,
            account_id=account_id,
            run_id=run_id,
            as_of=as_of,
        )
    )


@db.transaction()
def totals_by_community(*, as_of: date) -> list[CommunityTotals]:
    """Sums over standing bills by community; a bill is overdue if it was due before ``as_of``."""
    return queries.community_sums(as_of)


@db.transaction()
def list_exceptions(
    *,
    status: str | None = "OPEN",
    reason: str | None = None,
    run_id: int | None = None,
    page: int = 1,
    per_page: int = 50,
) -> Page[ExceptionRow]:
    """Bills that wait for a person, most money first."""
    return queries.exception_page(
        status=status, reason=reason, run_id=run_id, page=page, per_page=per_page
    )


@db.transaction()
def decide_exception(
    *, exception_id: int, approve: bool, note: str, by: int, now: datetime
) -> ExceptionRow:
    """Let an exception's bill through (rated again, posted as any other) or reject it.

    Args:
        by: User who decides.

    Raises:
        ExceptionDecided: if it was decided before.
        NotPostable: if its cause must be mended first.
    """
    return deciding.decide(
        exception_id=exception_id, approve=approve, note=note, by=by, now=_local(now)
    )


@db.transaction()
def reverse_bill(*, bill_id: int, reason: str, now: datetime, by: int) -> BillDetail:
    """Reverse a bill: reversing journal, debt closed, money paid on it back on the balance.

    Raises:
        NotFound: if there is no such bill.
        BillNotReversible: if it is reversed already.
    """
    at = _local(now)
    corrections.reverse(bill_id=bill_id, reason=reason, by=by, accounting_date=at.date(), now=at)
    return queries.bill_details([bill_id])[0]


@db.transaction()
def rebill(*, bill_id: int, now: datetime, by: int, due_date: date | None = None) -> int:
    """Issue a reversed bill anew with today's facts.

    Returns:
        The new bill's id; it names the one it replaces.

    Raises:
        BillNotReplaceable: if the bill stands, was replaced already or cannot be rated.
    """
    return corrections.rebill(bill_id=bill_id, by=by, due_date=due_date, now=_local(now))


@db.transaction()
def refresh_open(*, account_ids: Sequence[int]) -> int:
    """Take the open amounts of the accounts' bills over from the ledger.

    Whoever moves money on open items calls it in the same transaction; calling it twice is harmless.

    Returns:
        How many bills changed.
    """
    return following.refresh_open(account_ids=account_ids)


@db.transaction()
def comparison(*, bill_id: int) -> Comparison:
    """The bill beside the account's own history and beside similar homes.

    Raises:
        NotFound: if there is no such bill.
    """
    return queries.comparison_of(bill_id)


def bill_pdf(*, bill_id: int, pay_url: str = "") -> bytes:
    """The bill as PDF.

    Raises:
        NotFound: if there is no such bill.
    """
    return bills_pdf(bill_ids=[bill_id], pay_url=pay_url)


@db.transaction()
def bills_pdf(*, bill_ids: Sequence[int], pay_url: str = "") -> bytes:
    """Several bills as one PDF, each on a page of its own.

    Args:
        bill_ids: At most ``printing.BATCH_MAX``.
        pay_url: Address the QR code opens; the account number is added to it.

    Raises:
        NotFound: if one of the bills does not exist.
        InvalidInput: if there are none or too many.
    """
    company = tenancy.Tenant.objects.get(id=tenancy.current_id()).name
    return printing.render(
        [
            printing.Printable(
                bill=bill,
                comparison=queries.comparison_of(bill_id),
                company=company,
                pay_url=f"{pay_url}{bill.account_no}",
            )
            for bill_id, bill in zip(bill_ids, queries.bill_details(bill_ids), strict=True)
        ]
    )


def _local(now: datetime) -> datetime:
    """``now`` in the tenant's zone, so that its date is the civil day of the books."""
    zone = tenancy.Tenant.objects.values_list("time_zone", flat=True).get(id=tenancy.current_id())
    return now.astimezone(ZoneInfo(zone))
