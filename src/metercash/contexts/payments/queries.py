"""Reads of payments; rows in, contracts out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from metercash.contexts.customers import api as customers
from metercash.contexts.payments import models
from metercash.contexts.payments.contracts import (
    Break,
    BreakStatus,
    FactKind,
    FactOutcome,
    FactView,
    Method,
    MoneyFlow,
    Order,
    PaymentRow,
    Provider,
    ProviderNotConfigured,
    ReceiptStatus,
    ReceiptView,
    Reconciliation,
    Shift,
    Tender,
)
from metercash.contexts.payments.core.capitals import in_capitals
from metercash.kernel.errors import NotFound
from metercash.kernel.interval import Interval
from metercash.platform import db, tenancy
from metercash.platform.paging import Page, window


CREDITED = (FactOutcome.CREDITED, FactOutcome.ASSIGNED)


@db.transaction_required
def zone() -> ZoneInfo:
    """The tenant's time zone."""
    tenant = tenancy.Tenant.objects.only("time_zone").get(id=tenancy.current_id())
    return ZoneInfo(tenant.time_zone)


@db.transaction_required
def civil_day(instant: datetime) -> date:
    """The civil day of an instant in the tenant's zone."""
    return instant.astimezone(zone()).date()


@db.transaction_required
def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Start of a civil day and of the next, as instants."""
    tz = zone()
    start = datetime.combine(day, time.min, tzinfo=tz)
    return start, datetime.combine(day + timedelta(days=1), time.min, tzinfo=tz)


@db.transaction_required
def provider_account(provider: str) -> models.ProviderAccount:
    """The tenant's active account with a provider.

    Raises:
        ProviderNotConfigured: if there is none.
    """
    row: models.ProviderAccount | None = models.ProviderAccount.objects.filter(
        provider=provider, active=True
    ).first()
    if row is None:
        raise ProviderNotConfigured(provider=provider)
    return row


@db.transaction_required
def order_row(order_no: str) -> models.PaymentOrder:
    """An order's row.

    Raises:
        NotFound: if there is none.
    """
    row: models.PaymentOrder | None = (
        models.PaymentOrder.objects.select_related("provider_account")
        .filter(order_no=order_no)
        .first()
    )
    if row is None:
        raise NotFound(what="订单")
    return row


def order(row: models.PaymentOrder) -> Order:
    """An order as contract."""
    pay_page = str(row.provider_account.settings.get("pay_page", ""))
    return Order(
        order_no=row.order_no,
        account_id=row.account_id,
        fen=row.amount_fen,
        status=str(row.status),
        unknown=row.unknown,
        code_url=row.code_url,
        created_at=row.created_at,
        expires_at=row.expires_at,
        provider=row.provider_account.provider,
        pay_url=f"{pay_page}{row.order_no}" if pay_page and row.code_url else "",
    )


@db.transaction_required
def due_orders(now: datetime, limit: int) -> list[str]:
    """Numbers of orders whose next question to the provider is due."""
    rows = models.PaymentOrder.objects.filter(next_poll_at__lte=now).order_by("next_poll_at")
    return list(rows.values_list("order_no", flat=True)[:limit])


@db.transaction_required
def undecided_orders(account_id: int) -> list[str]:
    """Numbers of the account's orders whose last call had no clear answer."""
    rows = models.PaymentOrder.objects.filter(account_id=account_id, unknown=True)
    return list(rows.order_by("id").values_list("order_no", flat=True)[:10])


def fact(row: models.MoneyFact, *, provider: str, fresh: bool = False) -> FactView:
    """A fact as contract."""
    return FactView(
        fact_id=row.id,
        provider=provider,
        kind=str(row.kind),
        provider_txn=row.provider_txn,
        order_no=row.order_no,
        fen=row.amount_fen,
        outcome=str(row.outcome),
        account_id=row.account_id,
        occurred_at=row.occurred_at,
        fresh=fresh,
    )


@db.transaction_required
def list_payments(
    *,
    account_id: int | None,
    period: Interval[date] | None,
    channel: str,
    outcome: str,
    text: str,
    page: int,
    per_page: int,
) -> Page[PaymentRow]:
    """Movements of money, newest first."""
    rows = models.MoneyFact.objects.select_related("provider_account").order_by(
        "-occurred_at", "-id"
    )
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    if period is not None:
        rows = rows.filter(accounting_date__gte=period.start, accounting_date__lt=period.end)
    if channel:
        rows = rows.filter(method=channel)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if text:
        rows = rows.filter(Q(provider_txn=text) | Q(order_no=text) | Q(receipt_no=text))
    found = list(rows[window(page, per_page)])
    return Page(_payment_rows(found), rows.count(), page, per_page)


def _payment_rows(rows: Sequence[models.MoneyFact]) -> list[PaymentRow]:
    ids = {row.account_id for row in rows if row.account_id is not None}
    known = customers.summaries(account_ids=sorted(ids)) if ids else {}
    items = []
    for row in rows:
        summary = known.get(row.account_id) if row.account_id is not None else None
        items.append(
            PaymentRow(
                fact_id=row.id,
                account_id=row.account_id,
                account_no=summary.account_no if summary else "",
                name=summary.name if summary else "",
                fen=row.amount_fen if row.kind == FactKind.PAYMENT else -row.amount_fen,
                channel=str(row.method),
                channel_label=_channel_label(str(row.method)),
                occurred_at=row.occurred_at,
                accounting_date=row.accounting_date,
                outcome=str(row.outcome),
                provider_txn=row.provider_txn,
                order_no=row.order_no,
                receipt_no=row.receipt_no,
            )
        )
    return items


def _channel_label(method: str) -> str:
    return Method(method).label if method in set(Method) else Provider(method).label


@db.transaction_required
def flow(period: Interval[date] | None) -> MoneyFlow:
    """Payments by how far they got."""
    rows = models.MoneyFact.objects.filter(kind=FactKind.PAYMENT)
    if period is not None:
        rows = rows.filter(accounting_date__gte=period.start, accounting_date__lt=period.end)
    credited = Q(outcome__in=CREDITED)
    waiting = Q(outcome=FactOutcome.SUSPENSE)
    banked = credited & Q(reconciled_day__isnull=False)
    sums = rows.aggregate(
        paid=Count("id", filter=credited),
        paid_fen=Sum("amount_fen", filter=credited, default=0),
        suspense=Count("id", filter=waiting),
        suspense_fen=Sum("amount_fen", filter=waiting, default=0),
        banked=Count("id", filter=banked),
        banked_fen=Sum("amount_fen", filter=banked, default=0),
    )
    return MoneyFlow(**{name: int(value) for name, value in sums.items()})


@db.transaction_required
def shift_row(shift_id: int) -> models.TellerShift:
    """A shift's row.

    Raises:
        NotFound: if there is none.
    """
    row: models.TellerShift | None = models.TellerShift.objects.filter(id=shift_id).first()
    if row is None:
        raise NotFound(what="班次")
    return row


@db.transaction_required
def shift(row: models.TellerShift) -> Shift:
    """A shift as contract, with what stands taken in it by method."""
    totals = shift_totals(row.id)
    expected = row.expected_fen
    if expected is None:
        expected = row.opening_fen + totals[Method.CASH]
    over_short = None if row.counted_fen is None else row.counted_fen - expected
    return Shift(
        shift_id=row.id,
        user_id=row.user_id,
        status=str(row.status),
        opened_at=row.opened_at,
        opening_fen=row.opening_fen,
        receipts=row.last_serial,
        totals_fen=totals,
        expected_fen=expected,
        counted_fen=row.counted_fen,
        over_short_fen=over_short,
        closed_at=row.closed_at,
        handed_over_at=row.handed_over_at,
        handed_over_to=row.handed_over_to,
    )


@db.transaction_required
def shift_totals(shift_id: int) -> dict[str, int]:
    """Fen taken by method in receipts of the shift that stand."""
    rows = (
        models.ReceiptTender.objects.filter(
            receipt__shift_id=shift_id, receipt__status=ReceiptStatus.ISSUED
        )
        .order_by()
        .values_list("method")
        .annotate(Sum("amount_fen"))
    )
    return {method.value: 0 for method in Method} | {name: int(fen) for name, fen in rows}


@db.transaction_required
def list_shifts(*, status: str, page: int, per_page: int) -> Page[Shift]:
    """Shifts, newest first."""
    rows = models.TellerShift.objects.order_by("-id")
    if status:
        rows = rows.filter(status=status)
    total = rows.count()
    return Page([shift(row) for row in rows[window(page, per_page)]], total, page, per_page)


@db.transaction_required
def receipts(rows: Iterable[models.Receipt], *, replayed: bool = False) -> list[ReceiptView]:
    """Receipts as contracts; the rows have their shift selected."""
    rows = list(rows)
    tenders: dict[int, list[Tender]] = {row.id: [] for row in rows}
    lines = models.ReceiptTender.objects.filter(receipt_id__in=list(tenders)).order_by("line_no")
    for line in lines:
        tenders[line.receipt_id].append(Tender(line.method, line.amount_fen, line.reference))
    known: dict[int, Any] = {}
    if rows:
        known = customers.summaries(account_ids=sorted({row.account_id for row in rows}))
    return [
        _receipt(row, tenders[row.id], known.get(row.account_id), replayed=replayed) for row in rows
    ]


def _receipt(
    row: models.Receipt, tenders: Sequence[Tender], summary: Any, *, replayed: bool
) -> ReceiptView:
    return ReceiptView(
        receipt_no=row.receipt_no,
        shift_id=row.shift_id,
        account_id=row.account_id,
        account_no=summary.account_no if summary else "",
        name=summary.name if summary else "",
        address=summary.address if summary else "",
        issued_at=row.issued_at,
        total_fen=row.total_fen,
        tenders=tuple(tenders),
        allocations=tuple((str(text), int(fen)) for text, fen in row.allocations),
        to_balance_fen=row.to_balance_fen,
        amount_capitals=in_capitals(row.total_fen),
        status=str(row.status),
        teller_id=row.shift.user_id,
        replayed=replayed,
    )


@db.transaction_required
def get_receipt(receipt_no: str) -> ReceiptView:
    """One receipt.

    Raises:
        NotFound: if there is none.
    """
    row = models.Receipt.objects.select_related("shift").filter(receipt_no=receipt_no).first()
    if row is None:
        raise NotFound(what="收据")
    return receipts([row])[0]


@db.transaction_required
def list_breaks(
    *, status: str, kind: str, day: date | None, page: int, per_page: int
) -> Page[Break]:
    """Breaks, newest day first."""
    rows = models.Break.objects.select_related("provider_account").order_by("-day", "-id")
    if status:
        rows = rows.filter(status=status)
    if kind:
        rows = rows.filter(kind=kind)
    if day:
        rows = rows.filter(day=day)
    total = rows.count()
    return Page([as_break(row) for row in rows[window(page, per_page)]], total, page, per_page)


def as_break(row: models.Break) -> Break:
    """A break as contract."""
    return Break(
        break_id=row.id,
        provider=row.provider_account.provider,
        kind=str(row.kind),
        status=str(row.status),
        day=row.day,
        provider_txn=row.provider_txn,
        order_no=row.order_no,
        expected_fen=row.expected_fen,
        actual_fen=row.actual_fen,
        opened_at=row.opened_at,
        reason=row.reason,
        resolved_by=row.resolved_by,
        approved_by=row.approved_by,
        resolved_at=row.resolved_at,
        fact_id=row.fact_id,
    )


@db.transaction_required
def reconciliations(rows: Iterable[models.ReconciliationRun]) -> list[Reconciliation]:
    """Runs as contracts; open breaks are counted as they stand now."""
    rows = list(rows)
    days = {row.day for row in rows}
    counted = dict(
        models.Break.objects.filter(day__in=days, status=BreakStatus.OPEN)
        .order_by()
        .values_list("day")
        .annotate(Count("id"))
    )
    return [
        Reconciliation(
            provider=row.provider_account.provider,
            day=row.day,
            status="BREAKS" if counted.get(row.day) else str(row.status),
            lines=row.lines,
            matched=row.matched,
            recovered=row.recovered,
            waiting=row.waiting,
            breaks=counted.get(row.day, 0),
            paid_fen=row.paid_fen,
            refunded_fen=row.refunded_fen,
            fee_fen=row.fee_fen,
            banked_fen=row.banked_fen,
        )
        for row in rows
    ]
