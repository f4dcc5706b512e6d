"""The front door of payments (收款). Amounts are fen; ``now`` is an aware instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from metercash.contexts.payments import models, queries
from metercash.contexts.payments.api.setup import check_provider as check_provider
from metercash.contexts.payments.api.setup import configure_wechat as configure_wechat
from metercash.contexts.payments.api.setup import provider_setup as provider_setup
from metercash.contexts.payments.api.setup import unreconciled_days as unreconciled_days
from metercash.contexts.payments.contracts import (
    Break,
    ChannelReceipt,
    FactView,
    MoneyFlow,
    Observation,
    Order,
    PaymentRow,
    ReceiptView,
    Reconciliation,
    Shift,
    ShiftStatus,
    Tender,
)
from metercash.contexts.payments.core.capitals import in_capitals
from metercash.contexts.payments.operations import (
    asking,
    breaks,
    confirming,
    facts,
    hearing,
    shifts,
    till,
)
from metercash.kernel.interval import Interval
from metercash.platform import audit, db
from metercash.platform.paging import Page


@db.transaction()
def configure_provider(
    *, provider: str, merchant_id: str, app_id: str, settings: Mapping[str, object]
) -> None:
    """Set the tenant's account with a provider.

    Args:
        settings: ``base_url``, ``notify_url``, ``serial_no`` of our certificate, ``private_key_file``,
            ``api_v3_key_file``, ``platform_keys`` (key id to PEM file), and with the simulator ``pay_page``.
            Keys stay in their files.
    """
    models.ProviderAccount.objects.update_or_create(
        provider=provider,
        defaults={
            "merchant_id": merchant_id,
            "app_id": app_id,
            "settings": dict(settings),
            "active": True,
        },
    )
    audit.record(action="payments.provider.configure", subject=f"provider:{provider}")


@db.transaction()
def open_shift(*, user_id: int, now: datetime, opening_fen: int = 0) -> Shift:
    """Begin a teller's shift with a float of cash.

    Raises:
        ShiftAlreadyOpen: if the teller has one.
    """
    return shifts.open_shift(user_id=user_id, opening_fen=opening_fen, now=now)


@db.transaction()
def current_shift(*, user_id: int) -> Shift | None:
    """The teller's open shift, or None if there is none."""
    row = models.TellerShift.objects.filter(user_id=user_id, status=ShiftStatus.OPEN).first()
    return None if row is None else queries.shift(row)


@db.transaction()
def get_shift(*, shift_id: int) -> Shift:
    """One shift with its sums by method.

    Raises:
        NotFound: if there is none.
    """
    return queries.shift(queries.shift_row(shift_id))


@db.transaction()
def list_shifts(*, status: str = "", page: int = 1, per_page: int = 50) -> Page[Shift]:
    """Shifts, newest first."""
    return queries.list_shifts(status=status, page=page, per_page=per_page)


@db.transaction()
def close_shift(*, shift_id: int, counted_fen: int, now: datetime) -> Shift:
    """Count the till; a difference is booked as over or short (长短款).

    Args:
        counted_fen: Cash found, the float included.

    Raises:
        ShiftClosed: if the shift is not open.
    """
    return shifts.close_shift(shift_id=shift_id, counted_fen=counted_fen, now=now)


@db.transaction()
def hand_over_shift(*, shift_id: int, received_by: int, now: datetime) -> Shift:
    """Hand a counted till to another person.

    Raises:
        ShiftClosed: if it is not counted.
        PermissionRefused: if the teller would receive it.
    """
    return shifts.hand_over_shift(shift_id=shift_id, received_by=received_by, now=now)


@db.transaction()
def bank_shift(*, shift_id: int, reference: str, now: datetime) -> Shift:
    """Record that the bank took a handed-over shift's cash and slips, by the deposit's reference.

    Raises:
        ShiftClosed: if it is not handed over.
    """
    return shifts.bank_shift(shift_id=shift_id, reference=reference, now=now)


@db.transaction()
def take_payment(
    *,
    shift_id: int,
    account_id: int,
    tenders: Sequence[Tender],
    idempotency_key: str,
    now: datetime,
    open_item_ids: Sequence[int] | None = None,
) -> ReceiptView:
    """Take money at the counter and issue a receipt; what no debt needs stays as prepaid balance.

    Args:
        tenders: CASH, POS and TRANSFER (with slip number), and BALANCE once, in any mixture.
        idempotency_key: The same key and request again return the same receipt, ``replayed``.
        open_item_ids: Pay these alone; oldest due first of all if None.

    Raises:
        ShiftClosed: if the shift is not open.
        IdempotencyConflict: if the key was used for another request.
        AmountInvalid, InvalidInput: if a tender is not acceptable.
        BalanceTenderRefused, BalanceInsufficient, AmountRefused: if the balance cannot pay the BALANCE tender.
    """
    return till.take_payment(
        shift_id=shift_id,
        account_id=account_id,
        tenders=tenders,
        idempotency_key=idempotency_key,
        now=now,
        open_item_ids=open_item_ids,
    )


@db.transaction()
def void_receipt(*, receipt_no: str, reason: str, voided_by: int, now: datetime) -> ReceiptView:
    """Void a receipt while its shift is open; its number stays used and its journals are reversed.

    Raises:
        VoidRefused: if the shift ended, it is void already, or the teller would void it.
    """
    return till.void_receipt(receipt_no=receipt_no, reason=reason, voided_by=voided_by, now=now)


@db.transaction()
def get_receipt(*, receipt_no: str) -> ReceiptView:
    """One receipt as printed.

    Raises:
        NotFound: if there is none.
    """
    return queries.get_receipt(receipt_no)


@db.transaction()
def get_channel_receipt(*, fact_id: int) -> ChannelReceipt:
    """The confirmation of money that came through a channel, with what it paid.

    Raises:
        NotFound: if there is no such credited payment.
    """
    return confirming.receipt(fact_id=fact_id)


@db.transaction()
def list_receipts(
    *, shift_id: int | None = None, account_id: int | None = None, limit: int = 100
) -> list[ReceiptView]:
    """Receipts of a shift or an account, newest first."""
    rows = models.Receipt.objects.select_related("shift").order_by("-id")
    if shift_id is not None:
        rows = rows.filter(shift_id=shift_id)
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    return queries.receipts(rows[: min(limit, 500)])


def create_order(
    *, account_id: int, fen: int, idempotency_key: str, now: datetime, provider: str = "WECHAT"
) -> Order:
    """Open an order with a provider; show its ``code_url`` as QR.

    The intent is committed before the provider is called, so call this outside a transaction. An undecided
    earlier order of the account is asked for first. If the provider's answer stays unclear the order comes
    back ``unknown`` and is being asked for.

    Raises:
        IdempotencyConflict: if the key was used for another request.
        OrderUndecided: if an earlier order of the account stays undecided.
        ProviderRefused: if the provider says no.
        ProviderNotConfigured, AmountInvalid: before anything happens.
    """
    return asking.create_order(
        account_id=account_id,
        fen=fen,
        provider=provider,
        idempotency_key=idempotency_key,
        now=now,
    )


@db.transaction()
def get_order(*, order_no: str) -> Order:
    """An order as we know it.

    Raises:
        NotFound: if there is none.
    """
    return queries.order(queries.order_row(order_no))


def poll_order(*, order_no: str, now: datetime) -> Order:
    """Ask the provider what became of an order and apply what it says; call outside a transaction.

    An order past its time is closed with the provider first. Without a clear answer the order is returned
    as it stands.
    """
    return asking.poll_order(order_no=order_no, now=now)


def poll_due(*, now: datetime, limit: int = 100) -> int:
    """Ask for every order whose time has come (10 s, 30 s, 1 min, 3 min … after the last).

    Returns:
        How many were asked for.
    """
    return asking.poll_due(now=now, limit=limit)


def handle_notification(
    *, provider: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> FactView | None:
    """Keep a notification raw, then believe it if its signature and sealing hold.

    Args:
        body: The raw bytes as received.

    Returns:
        The fact it tells of; None for an event that is no payment.

    Raises:
        NotificationRefused: if the proof does not hold; answer anything but 2xx.
    """
    return hearing.hear_notification(provider=provider, headers=headers, body=body, now=now)


@db.transaction()
def record_fact(*, provider: str, seen: Observation, raw: bytes, now: datetime) -> FactView:
    """Apply money heard of from a verified source outside this context, such as a bank file.

    Args:
        raw: The bytes it was read from, kept as evidence.
    """
    account = queries.provider_account(provider)
    evidence_id = facts.store_evidence(
        account=account, source=seen.source, raw=raw, headers={}, now=now
    )
    return facts.apply_fact(account=account, seen=seen, evidence_id=evidence_id, now=now)


@db.transaction()
def list_payments(
    *,
    account_id: int | None = None,
    period: Interval[date] | None = None,
    channel: str = "",
    outcome: str = "",
    text: str = "",
    page: int = 1,
    per_page: int = 50,
) -> Page[PaymentRow]:
    """Movements of money, newest first; refunds are negative.

    Args:
        period: Accounting days.
        channel: WECHAT, CASH, POS or TRANSFER.
        outcome: CREDITED, SUSPENSE, ASSIGNED or RETURNED.
        text: A provider's, order's or receipt's number, exactly.
    """
    return queries.list_payments(
        account_id=account_id,
        period=period,
        channel=channel,
        outcome=outcome,
        text=text,
        page=page,
        per_page=per_page,
    )


@db.transaction()
def money_flow(*, period: Interval[date] | None = None) -> MoneyFlow:
    """How many payments were credited, wait in suspense, and reached the bank, by accounting day."""
    return queries.flow(period)


def reconcile(*, provider: str, day: date, now: datetime) -> Reconciliation:
    """Fetch the channel's statement of a day, foot it, and compare it with our facts.

    Lines we had not heard of are applied; facts the channel does not list wait one more day's file and then
    become breaks; the day's net is moved to the bank account. Running it again changes nothing.

    Raises:
        StatementNotReady: if the day is not over or the channel has no file yet.
        StatementChanged: if the bytes do not have the announced hash, or differ from those used before.
        StatementRefused: if the file is malformed or does not foot; nothing of it is used.
        ProviderUnclear: if the channel cannot be reached.
    """
    return asking.reconcile(provider=provider, day=day, now=now)


@db.transaction()
def list_reconciliations(*, provider: str = "WECHAT", limit: int = 60) -> list[Reconciliation]:
    """Days compared so far, newest first."""
    rows = (
        models.ReconciliationRun.objects.select_related("provider_account")
        .filter(provider_account__provider=provider)
        .order_by("-day")
    )
    return queries.reconciliations(rows[: min(limit, 400)])


@db.transaction()
def list_breaks(
    *, status: str = "", kind: str = "", day: date | None = None, page: int = 1, per_page: int = 50
) -> Page[Break]:
    """Breaks, newest day first."""
    return queries.list_breaks(status=status, kind=kind, day=day, page=page, per_page=per_page)


@db.transaction()
def resolve_break(
    *,
    break_id: int,
    reason: str,
    resolved_by: str,
    approved_by: str,
    now: datetime,
    credit_account_id: int | None = None,
) -> Break:
    """Close a break with a reason and a second person's approval.

    Args:
        credit_account_id: The customer to credit; needed exactly when the break's money waits in suspense.

    Raises:
        BreakRefused: if it is closed already, nobody else approved, or the money's destination is not said.
        NotFound: if there is none.
    """
    return breaks.resolve(
        break_id=break_id,
        reason=reason,
        resolved_by=resolved_by,
        approved_by=approved_by,
        now=now,
        credit_account_id=credit_account_id,
    )


def amount_in_capitals(*, fen: int) -> str:
    """An amount in Chinese capitals (金额大写)."""
    return in_capitals(fen)
