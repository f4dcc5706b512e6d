"""Reads of billing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from metercash.contexts.billing.contracts import (
    BillDetail,
    BillFilter,
    BillRow,
    BillStatus,
    BillTotals,
    CommunityTotals,
    Comparison,
    ExceptionRow,
    HistoryBar,
    Reason,
    RunSummary,
    StageCounts,
    StageSeconds,
)
from metercash.contexts.billing.core import proving
from metercash.contexts.billing.core.draft import lines_of, reasons_of
from metercash.contexts.billing.models import (
    Bill,
    BillDocument,
    BillException,
    BillRun,
    BillRunChunk,
)
from metercash.contexts.customers import api as customers
from metercash.contexts.tariffs import api as tariffs
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.kernel.interval import Interval
from metercash.platform import db
from metercash.platform.paging import COUNT_MAX, Page, known, window


SEARCH_LIMIT = 200
HISTORY_BARS = 6
SIMILAR_HOMES_MINIMUM = 5
SIMILAR_AREA_PERCENT = 15

SORTS = {
    "bill_id": "id",
    "total_fen": "total_fen",
    "open_fen": "open_fen",
    "due_date": "due_date",
    "account_no": "account_id",
    "period_from": "period_from",
}


def bill_no(bill_id: int, period_from: date) -> str:
    """The number printed on a bill: month of the period and the identifier."""
    return f"{period_from:%Y%m}{bill_id:010d}"


@db.transaction_required
def run_summary(run_id: int) -> RunSummary:
    """One run with the sums of its chunks."""
    row = BillRun.objects.filter(id=run_id).first()
    if row is None:
        raise NotFound(what=f"出账任务 {run_id}")
    return _run_summaries([row])[0]


@db.transaction_required
def run_page(page: int, per_page: int) -> Page[RunSummary]:
    """Runs, latest first."""
    rows = BillRun.objects.order_by("-id")
    found = _run_summaries(list(rows[window(page, per_page)]))
    return Page(found, rows.count(), max(1, page), per_page)


def _run_summaries(rows: Sequence[BillRun]) -> list[RunSummary]:
    sums: dict[int, dict[str, int]] = {}
    fields = (
        "selected", "aggregated", "rated", "excepted", "billed", "posted", "verified", "total_fen",
    )  # fmt: skip
    spent = ("gather_ms", "aggregate_ms", "rate_ms", "write_ms")
    grouped = (
        BillRunChunk.objects.filter(run_id__in=[row.id for row in rows])
        .values("run_id")
        .annotate(
            chunks=Count("id"),
            chunks_done=Count("id", filter=Q(state="DONE")),
            **{f"sum_{name}": Sum(name) for name in (*fields, *spent)},
        )
    )
    for item in grouped:
        sums[item["run_id"]] = item
    return [_run_contract(row, sums.get(row.id, {})) for row in rows]


def _run_contract(row: BillRun, sums: dict[str, int]) -> RunSummary:
    def total(name: str) -> int:
        return int(sums.get(f"sum_{name}") or 0)

    return RunSummary(
        run_id=row.id,
        period=Interval(row.period_from, row.period_until),
        purpose=row.purpose,
        commodity=row.commodity,
        plan_code=row.plan_code,
        due_date=row.due_date,
        status=row.status,
        accounts=row.accounts,
        already_billed=row.already_billed,
        chunks=sums.get("chunks", 0),
        chunks_done=sums.get("chunks_done", 0),
        counts=StageCounts(
            total("selected"),
            total("aggregated"),
            total("rated"),
            total("excepted"),
            total("billed"),
            total("posted"),
            total("verified"),
        ),
        spent=StageSeconds(
            total("gather_ms"), total("aggregate_ms"), total("rate_ms"), total("write_ms")
        ),
        total_fen=total("total_fen"),
        failure=row.failure,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        elapsed_ms=row.elapsed_ms,
    )


@db.transaction_required
def bill_query(
    *,
    status: str | None,
    community_id: int | None,
    text: str,
    min_open_fen: int | None,
    account_id: int | None,
    run_id: int | None,
    as_of: date | None,
) -> QuerySet[Bill]:
    """The filtered bills; every filter has an index behind it."""
    bills: QuerySet[Bill] = Bill.objects.all()
    if status is not None:
        bills = _by_state(bills, status, as_of)
    if community_id is not None:
        bills = bills.filter(community_id=community_id)
    if account_id is not None:
        bills = bills.filter(account_id=account_id)
    if run_id is not None:
        bills = bills.filter(run_id=run_id)
    if min_open_fen is not None:
        bills = bills.filter(open_fen__gte=max(1, min_open_fen), open_fen__gt=0)
    if text.strip():
        found = customers.search(text=text.strip(), limit=SEARCH_LIMIT)
        bills = bills.filter(account_id__in=[item.account_id for item in found])
    return bills


def _by_state(bills: QuerySet[Bill], status: str, as_of: date | None) -> QuerySet[Bill]:
    try:
        wanted = BillFilter(status)
    except ValueError:
        raise InvalidInput(field="账单状态", reason=f"没有“{status}”这种状态") from None
    if wanted is BillFilter.REVERSED:
        return bills.filter(status=BillStatus.REVERSED)
    if wanted is BillFilter.PAID:
        return bills.filter(status=BillStatus.POSTED, open_fen=0)
    if wanted is BillFilter.UNPAID:
        return bills.filter(open_fen__gt=0)
    if wanted is BillFilter.PART_PAID:
        return bills.filter(open_fen__gt=0, open_fen__lt=F("total_fen"))
    if as_of is None:
        raise InvalidInput(field="账单状态", reason="筛选逾期账单需要指明日期")
    return bills.filter(open_fen__gt=0, due_date__lt=as_of)


def bill_page(bills: QuerySet[Bill], sort: str, page: int, per_page: int) -> Page[BillRow]:
    """One page of the filtered bills."""
    descending, key = sort.startswith("-"), sort.lstrip("-")
    if key not in SORTS:
        raise InvalidInput(field="排序", reason=f"不能按“{key}”排序")
    column = SORTS[key]
    sign = "-" if descending else ""
    order = [f"{sign}{column}"] if column == "id" else [f"{sign}{column}", f"{sign}id"]
    db.plan_for_values()
    counted = bills.order_by()[: COUNT_MAX + 1].count()
    rows = [_row_contract(row) for row in bills.order_by(*order)[window(page, per_page)]]
    return Page(rows, known(counted), max(1, page), per_page)


def bill_sums(bills: QuerySet[Bill]) -> BillTotals:
    """Count and sums of the filtered bills; reversed ones count but owe nothing."""
    sums = bills.order_by().aggregate(
        bills=Count("id"),
        total=Sum("total_fen", filter=Q(status=BillStatus.POSTED)),
        open=Sum("open_fen"),
    )
    return BillTotals(sums["bills"], int(sums["total"] or 0), int(sums["open"] or 0))


@db.transaction_required
def community_sums(as_of: date) -> list[CommunityTotals]:
    """Sums over standing bills by community."""
    late = Q(open_fen__gt=0, due_date__lt=as_of)
    rows = (
        Bill.objects.filter(status=BillStatus.POSTED)
        .values_list("community_id")
        .annotate(
            bills=Count("id"),
            total=Sum("total_fen"),
            open=Sum("open_fen"),
            late=Count("id", filter=late),
            late_fen=Sum("open_fen", filter=late, default=0),
        )
        .order_by("community_id")
    )
    return [CommunityTotals(*(int(value) for value in row)) for row in rows]


def _row_contract(row: Bill) -> BillRow:
    return BillRow(
        bill_id=row.id,
        bill_no=bill_no(row.id, row.period_from),
        account_id=row.account_id,
        account_no=row.account_no,
        name=row.name,
        community_id=row.community_id,
        commodity=row.commodity,
        plan_code=row.plan_code,
        period_from=row.period_from,
        period_until=row.period_until,
        purpose=row.purpose,
        generation=row.generation,
        usage_milli=row.usage_milli,
        total_fen=row.total_fen,
        open_fen=row.open_fen,
        due_date=row.due_date,
        issued_at=row.issued_at,
        status=row.status,
        run_id=row.run_id,
    )


@db.transaction_required
def bill_details(bill_ids: Sequence[int]) -> list[BillDetail]:
    """Bills with their documents, in the order asked for.

    Raises:
        NotFound: if one of them does not exist.
    """
    bills = {row.id: row for row in Bill.objects.filter(id__in=bill_ids)}
    contents = dict(
        BillDocument.objects.filter(bill_id__in=bill_ids).values_list("bill_id", "content")
    )
    missing = [bill_id for bill_id in bill_ids if bill_id not in bills]
    if missing:
        raise NotFound(what=f"账单 {missing[0]}")
    return [_detail(bills[bill_id], contents[bill_id]) for bill_id in bill_ids]


@db.transaction_required
def proof(bill_id: int) -> dict[str, Any]:
    """A bill with the price documents and facts it was made from.

    Raises:
        NotFound: if there is no such bill.
    """
    [bill] = bill_details([bill_id])
    content = BillDocument.objects.values_list("content", flat=True).get(bill_id=bill_id)
    documents = tariffs.texts_by_hash(hashes=proving.hashes_of(content))
    return proving.proof_document(content, proving.face_of_bill(bill), documents)


def _detail(row: Bill, content: dict[str, Any]) -> BillDetail:
    return BillDetail(
        bill_id=row.id,
        bill_no=bill_no(row.id, row.period_from),
        account_id=row.account_id,
        account_no=row.account_no,
        name=row.name,
        address=content["address"],
        community_id=row.community_id,
        category=row.category,
        commodity=row.commodity,
        plan_code=row.plan_code,
        area_milli=row.area_milli,
        period=Interval(row.period_from, row.period_until),
        purpose=row.purpose,
        generation=row.generation,
        usage_milli=row.usage_milli,
        usage_unit=content["usage_unit"],
        lines=lines_of(content),
        total_fen=row.total_fen,
        open_fen=row.open_fen,
        due_date=row.due_date,
        issued_at=row.issued_at,
        status=row.status,
        determinants=content["determinants"],
        estimated_milli=content["estimated_milli"],
        citations=tuple(content["citations"]),
        replaces_bill_id=row.replaces_bill_id,
        reversal_reason=row.reversal_reason,
        reasons=reasons_of(content["reasons"]),
    )


@db.transaction_required
def exception_page(
    *, status: str | None, reason: str | None, run_id: int | None, page: int, per_page: int
) -> Page[ExceptionRow]:
    """The queue, most money first."""
    rows = BillException.objects.all()
    if status:
        rows = rows.filter(status=status)
    if reason:
        rows = rows.filter(reason=reason)
    if run_id is not None:
        rows = rows.filter(run_id=run_id)
    found = rows.order_by("-stake_fen", "id")[window(page, per_page)]
    return Page([exception_contract(row) for row in found], rows.count(), max(1, page), per_page)


def exception_contract(row: BillException) -> ExceptionRow:
    """The row as a contract."""
    return ExceptionRow(
        exception_id=row.id,
        run_id=row.run_id,
        account_id=row.account_id,
        account_no=row.account_no,
        name=row.name,
        community_id=row.community_id,
        period=Interval(row.period_from, row.period_until),
        reason=Reason(row.reason),
        reasons=reasons_of(row.reasons),
        stake_fen=row.stake_fen,
        status=row.status,
        raised_at=row.raised_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        bill_id=row.bill_id,
    )


@db.transaction_required
def comparison_of(bill_id: int) -> Comparison:
    """The bill beside its own history and beside similar homes of the same community."""
    bill = Bill.objects.filter(id=bill_id).first()
    if bill is None:
        raise NotFound(what=f"账单 {bill_id}")
    history = Bill.objects.filter(
        account_id=bill.account_id,
        purpose=bill.purpose,
        status=BillStatus.POSTED,
        period_from__lte=bill.period_from,
    ).order_by("-period_from", "-id")[:HISTORY_BARS]
    bars = [
        HistoryBar(
            row.id, Interval(row.period_from, row.period_until), row.usage_milli, row.total_fen
        )
        for row in history
    ]
    band = bill.area_milli * SIMILAR_AREA_PERCENT // 100
    similar = Bill.objects.filter(
        community_id=bill.community_id,
        category=bill.category,
        commodity=bill.commodity,
        purpose=bill.purpose,
        period_from=bill.period_from,
        period_until=bill.period_until,
        status=BillStatus.POSTED,
        area_milli__range=(bill.area_milli - band, bill.area_milli + band),
    ).exclude(account_id=bill.account_id)
    sums = similar.aggregate(homes=Count("id"), fen=Sum("total_fen"), usage=Sum("usage_milli"))
    homes = sums["homes"]
    enough = homes >= SIMILAR_HOMES_MINIMUM
    return Comparison(
        own_history=tuple(reversed(bars)),
        similar_homes_average_fen=int(sums["fen"]) // homes if enough else None,
        similar_homes_average_usage_milli=int(sums["usage"]) // homes if enough else None,
        similar_homes_count=homes,
        similar_homes_minimum=SIMILAR_HOMES_MINIMUM,
    )
