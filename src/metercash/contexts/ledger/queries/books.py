"""Journals, open items, allocations and balances as contracts."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import connection
from django.db.models import Count, Sum

from metercash.contexts.ledger import models
from metercash.contexts.ledger.contracts import (
    AllocationKind,
    AllocationLine,
    AllocationOrder,
    ChartAccount,
    DueTotal,
    JournalLine,
    JournalNotFound,
    OpenItem,
    OpenItemNotFound,
    Posting,
    Taking,
)
from metercash.contexts.ledger.core.unwinding import Applied
from metercash.platform import db, tenancy


ORDER_SETTING = "allocation_order"
LINES_MAX = 1000
MONEY = (
    ChartAccount.CASH,
    ChartAccount.BANK,
    ChartAccount.POS_CLEARING,
    ChartAccount.WECHAT_CLEARING,
    ChartAccount.ALIPAY_CLEARING,
    ChartAccount.TRANSFER_CLEARING,
    ChartAccount.AGENCY_CLEARING,
)


def to_item(row: models.Receivable) -> OpenItem:
    """A row as its contract."""
    return OpenItem(
        open_item_id=row.id,
        account_id=row.account_id,
        kind=row.kind,
        reference=row.reference,
        description=row.description,
        due_date=row.due_date,
        original_fen=row.original_fen,
        open_fen=row.open_fen,
        opened_on=row.opened_on,
        status=row.status,
    )


@db.transaction_required
def open_items(
    account_ids: Collection[int] | None,
    *,
    include_settled: bool = False,
    kind: str | None = None,
    due_before: date | None = None,
) -> list[OpenItem]:
    """Open items by due date; of every customer if no accounts are named."""
    rows = models.Receivable.objects.order_by("due_date", "id")
    if account_ids is not None:
        rows = rows.filter(account_id__in=account_ids)
    if not include_settled:
        rows = rows.filter(open_fen__gt=0)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if due_before is not None:
        rows = rows.filter(due_date__lt=due_before)
    return [to_item(row) for row in rows]


@db.transaction_required
def items_by_reference(references: Collection[str]) -> dict[str, OpenItem]:
    """Open items, settled or not, by reference; unknown references are left out."""
    rows = models.Receivable.objects.filter(reference__in=references)
    return {row.reference: to_item(row) for row in rows}


@db.transaction_required
def locked_items(
    account_id: int, *, open_item_ids: Collection[int] | None = None
) -> list[OpenItem]:
    """Lock the account's open items in id order.

    Args:
        open_item_ids: Only these; one that is settled meanwhile is left out.

    Raises:
        OpenItemNotFound: if one of them does not exist on the account.
    """
    rows = models.Receivable.objects.filter(account_id=account_id).order_by("id")
    rows = rows.select_for_update()
    if open_item_ids is None:
        return [to_item(row) for row in rows.filter(open_fen__gt=0)]
    found = [to_item(row) for row in rows.filter(id__in=open_item_ids)]
    missing = set(open_item_ids) - {item.open_item_id for item in found}
    if missing:
        raise OpenItemNotFound(reference=min(missing))
    return [item for item in found if item.open_fen > 0]


@db.transaction_required
def prepaid(account_ids: Iterable[int]) -> dict[int, int]:
    """Prepaid balance in fen of each account asked for; zero where none was ever kept."""
    wanted = list(account_ids)
    rows = models.Balance.objects.filter(account_id__in=wanted)
    known = dict(rows.values_list("account_id", "prepaid_fen"))
    return {account_id: known.get(account_id, 0) for account_id in wanted}


@db.transaction_required
def journal_by_key(business_key: str) -> models.JournalEntry | None:
    """The head of a journal, or None before it happened."""
    found: models.JournalEntry | None = models.JournalEntry.objects.filter(
        business_key=business_key
    ).first()
    return found


@db.transaction_required
def get_journal(business_key: str) -> models.JournalEntry:
    """The head of a journal.

    Raises:
        JournalNotFound: if none carries the key.
    """
    entry = journal_by_key(business_key)
    if entry is None:
        raise JournalNotFound(business_key=business_key)
    return entry


@db.transaction_required
def postings(journal_id: int) -> tuple[Posting, ...]:
    """What a journal posted, in its order."""
    rows = models.PostingLine.objects.filter(journal_id=journal_id).order_by("line")
    return tuple(
        Posting(ChartAccount(chart), fen, account_id)
        for chart, fen, account_id in rows.values_list("chart", "fen", "account_id")
    )


@db.transaction_required
def journal_lines(
    *,
    account_id: int | None = None,
    business_key: str | None = None,
    limit: int = LINES_MAX,
) -> list[JournalLine]:
    """Postings with their journals, newest journal first."""
    rows = models.PostingLine.objects.order_by("-journal_id", "line")
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    if business_key is not None:
        entry = get_journal(business_key)
        rows = rows.filter(journal_id=entry.id)
    lines = list(rows[: min(limit, LINES_MAX)])
    heads = models.JournalEntry.objects.in_bulk({line.journal_id for line in lines})
    return [_line(line, heads[line.journal_id]) for line in lines]


def _line(line: models.PostingLine, head: models.JournalEntry) -> JournalLine:
    return JournalLine(
        journal_id=head.id,
        business_key=head.business_key,
        event=head.event,
        accounting_date=head.accounting_date,
        occurred_at=head.occurred_at,
        account=ChartAccount(line.chart),
        account_id=line.account_id,
        fen=line.fen,
    )


@db.transaction_required
def allocation_lines(open_item_ids: Collection[int]) -> list[AllocationLine]:
    """Everything that changed the items, oldest first."""
    rows = models.Allocation.objects.filter(receivable_id__in=open_item_ids).order_by("id")
    return [
        AllocationLine(
            row.id, row.receivable_id, row.journal_id, row.kind, row.fen, row.accounting_date
        )
        for row in rows
    ]


@db.transaction_required
def standing(
    *, source_id: int | None = None, open_item_id: int | None = None
) -> tuple[Applied, ...]:
    """Payments and waivers that still stand, of one journal or on one item."""
    rows = models.Allocation.objects.exclude(kind=AllocationKind.CANCELLATION)
    if source_id is not None:
        rows = rows.filter(source_id=source_id)
    if open_item_id is not None:
        rows = rows.filter(receivable_id=open_item_id)
    groups = rows.values("receivable_id", "source_id", "kind").annotate(total=Sum("fen"))
    return tuple(
        Applied(g["receivable_id"], g["source_id"], g["kind"], g["total"])
        for g in groups.order_by("receivable_id", "source_id")
        if g["total"]
    )


@db.transaction_required
def applied_by(journal_id: int) -> tuple[Applied, ...]:
    """What a journal did to open items when it was posted."""
    rows = models.Allocation.objects.filter(journal_id=journal_id).order_by("id")
    return tuple(Applied(r.receivable_id, r.source_id, r.kind, r.fen) for r in rows)


@db.transaction_required
def trial_balance(start: date | None, end: date | None) -> dict[ChartAccount, int]:
    """Sum of postings per account of the chart over accounting dates ``[start, end)``."""
    rows = models.PostingLine.objects.all()
    heads = models.JournalEntry.objects.all()
    if start is not None:
        heads = heads.filter(accounting_date__gte=start)
    if end is not None:
        heads = heads.filter(accounting_date__lt=end)
    if start is not None or end is not None:
        rows = rows.filter(journal_id__in=heads.values("id"))
    sums = rows.values_list("chart").annotate(total=Sum("fen")).order_by("chart")
    return {ChartAccount(chart): int(total) for chart, total in sums}


@db.transaction_required
def open_by_due_date(before: date | None) -> list[DueTotal]:
    """Open items summed by due date and kind, oldest first."""
    rows = models.Receivable.objects.filter(open_fen__gt=0)
    if before is not None:
        rows = rows.filter(due_date__lt=before)
    sums = (
        rows.values_list("due_date", "kind")
        .annotate(items=Count("id"), fen=Sum("open_fen"))
        .order_by("due_date", "kind")
    )
    return [DueTotal(due, kind, items, int(fen)) for due, kind, items, fen in sums]


@db.transaction_required
def takings(start: date, end: date) -> list[Taking]:
    """Money that met 用户预收, by accounting date in ``[start, end)`` and account of the chart."""
    head = models.JournalEntry._meta.db_table
    line = models.PostingLine._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select j.accounting_date, p.chart,
                (count(*) filter (where p.fen > 0) - count(*) filter (where p.fen < 0))::bigint,
                sum(p.fen)::bigint
            from "{head}" j
            join "{line}" p on p.tenant_id = j.tenant_id and p.journal_id = j.id
            where j.tenant_id = %s and j.accounting_date >= %s and j.accounting_date < %s
              and p.chart = any(%s)
              and exists (select 1 from "{line}" q where q.tenant_id = j.tenant_id
                and q.journal_id = j.id and q.chart = %s)
            group by 1, 2 order by 1, 2
            """,  # noqa: S608 - composed of table names
            [tenancy.current_id(), start, end, list(MONEY), ChartAccount.PREPAID],
        )
        rows = cursor.fetchall()
    return [Taking(day, ChartAccount(chart), count, fen) for day, chart, count, fen in rows]


def allocation_order() -> AllocationOrder:
    """The bound tenant's order of debts; principal first where it set none."""
    settings = tenancy.Tenant.objects.values_list("settings", flat=True).get(
        id=tenancy.current_id()
    )
    return AllocationOrder(settings.get(ORDER_SETTING, AllocationOrder.PRINCIPAL_FIRST))


@db.transaction_required
def closed_until() -> date | None:
    """First civil day whose books are open; None if nothing was ever closed."""
    latest: date | None = (
        models.PeriodClose.objects.order_by("-closed_until")
        .values_list("closed_until", flat=True)
        .first()
    )
    return latest
