"""Bills, their explanation, and previews."""

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import BillDetail, BillRow
from metercash.contexts.customers import api as customers
from metercash.interfaces.openapi import cursors
from metercash.interfaces.openapi.cursors import Cursor, Limit, Listed
from metercash.interfaces.openapi.security import scope
from metercash.interfaces.openapi.values import milli, yuan
from metercash.kernel.errors import InvalidInput
from metercash.kernel.interval import Interval


router = Router(tags=["bills"])


class BillOut(Schema):
    """A bill in a list."""

    bill_id: int
    bill_no: str
    account_no: str
    period_from: date
    period_until: date
    usage: str
    total: str
    open: str
    due_date: date
    status: str


class BillList(Listed):
    """A page of bills."""

    items: list[BillOut]


class LineOut(Schema):
    """One printed line and why it is what it is."""

    code: str
    label: str
    label_en: str
    quantity: str
    unit: str
    price: str
    amount: str
    sentence: str
    sentence_en: str
    because: dict[str, Any]


class BillFull(Schema):
    """A bill with its lines; ``bill_id`` is null in a preview."""

    bill_id: int | None
    bill_no: str
    account_no: str
    period_from: date
    period_until: date
    total: str
    open: str
    due_date: date | None
    status: str
    lines: list[LineOut]


class PreviewIn(Schema):
    """Which account and period to compute."""

    account_no: str
    period_from: date
    period_until: date


@router.get("/bills", response=BillList, summary="List bills")
@scope("billing:read")
def list_bills(
    request: HttpRequest,
    status: str = "",
    account_no: str = "",
    limit: Limit = 50,
    starting_after: Cursor = "",
) -> dict[str, Any]:
    """Bills in the order they were made; ``status``: UNPAID, PART_PAID, PAID, OVERDUE or REVERSED."""
    account_id = None
    if account_no:
        account_id = customers.get_account_by_no(account_no=account_no).account_id
    page = billing.list_bills(
        status=status or None,
        account_id=account_id,
        sort="bill_id",
        page=cursors.read(starting_after),
        per_page=limit,
    )
    return cursors.answer(page, _row)


@router.get("/bills/{int:bill_id}", response=BillFull, summary="One bill, explained")
@scope("billing:read")
def get_bill(request: HttpRequest, bill_id: int) -> dict[str, Any]:
    """A bill with every line's reason."""
    return _full(billing.get_bill(bill_id=bill_id))


@router.get(
    "/bills/{int:bill_id}/proof", response=dict[str, Any], summary="All a bill was made from"
)
@scope("billing:read")
def proof(request: HttpRequest, bill_id: int) -> dict[str, Any]:
    """Price documents, facts, share and lines, for ``metercash verify-bill`` or an auditor."""
    return billing.proof(bill_id=bill_id)


@router.post("/bill-previews", response=list[BillFull], summary="Compute bills, make none")
@scope("billing:read")
def preview(request: HttpRequest, body: PreviewIn) -> list[dict[str, Any]]:
    """What an account would get under each of its agreements, by the code that makes real bills."""
    if body.period_from >= body.period_until:
        raise InvalidInput(field="period_until", reason="应晚于 period_from")
    account = customers.get_account_by_no(account_no=body.account_no)
    bills = billing.preview(
        account_id=account.account_id,
        period=Interval(body.period_from, body.period_until),
        now=datetime.now(UTC),
    )
    return [_full(bill) for bill in bills]


def _row(row: BillRow) -> dict[str, Any]:
    return {
        "bill_id": row.bill_id,
        "bill_no": row.bill_no,
        "account_no": row.account_no,
        "period_from": row.period_from,
        "period_until": row.period_until,
        "usage": milli(row.usage_milli),
        "total": yuan(row.total_fen),
        "open": yuan(row.open_fen),
        "due_date": row.due_date,
        "status": row.payment_state,
    }


def _full(detail: BillDetail) -> dict[str, Any]:
    return {
        "bill_id": detail.bill_id,
        "bill_no": detail.bill_no,
        "account_no": detail.account_no,
        "period_from": detail.period.start,
        "period_until": detail.period.end,
        "total": yuan(detail.total_fen),
        "open": yuan(detail.open_fen),
        "due_date": detail.due_date,
        "status": detail.status,
        "lines": [
            {
                "code": line.code,
                "label": line.label,
                "label_en": line.label_en,
                "quantity": line.quantity,
                "unit": line.unit,
                "price": line.price,
                "amount": yuan(line.amount_fen),
                "sentence": line.sentence,
                "sentence_en": line.sentence_en,
                "because": dict(line.because),
            }
            for line in detail.lines
        ],
    }
