"""Customers and what they owe."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import AccountDetail, AccountSummary
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import OpenItem
from metercash.interfaces.openapi import cursors
from metercash.interfaces.openapi.cursors import Cursor, Limit, Listed
from metercash.interfaces.openapi.security import scope
from metercash.interfaces.openapi.values import milli, yuan


router = Router(tags=["accounts"])


class AccountOut(Schema):
    """One account; the phone shows its first three and last four digits."""

    account_no: str
    name: str
    phone: str
    address: str
    community: str
    category: str
    commodity: str
    plan_code: str
    area_square_meters: str
    status: str


class AccountList(Listed):
    """A page of accounts."""

    items: list[AccountOut]


class OpenItemOut(Schema):
    """One amount owed."""

    kind: str
    reference: str
    description: str
    due_date: date
    original: str
    open: str


class OwedOut(Schema):
    """Everything an account owes and what it has paid ahead."""

    account_no: str
    balance: str
    owed: str
    items: list[OpenItemOut]


@router.get("/accounts", response=AccountList, summary="List accounts")
@scope("customers:read")
def list_accounts(
    request: HttpRequest, text: str = "", limit: Limit = 50, starting_after: Cursor = ""
) -> dict[str, Any]:
    """Accounts by number; ``text`` searches number, name, phone tail and address."""
    page = customers.list_accounts(text=text, page=cursors.read(starting_after), per_page=limit)
    return cursors.answer(page, account_out)


@router.get("/accounts/{account_no}", response=AccountOut, summary="One account")
@scope("customers:read")
def get_account(request: HttpRequest, account_no: str) -> dict[str, Any]:
    """The account of a number."""
    return account_out(customers.get_account_by_no(account_no=account_no))


@router.get("/accounts/{account_no}/owed", response=OwedOut, summary="What an account owes")
@scope("billing:read")
def get_owed(request: HttpRequest, account_no: str) -> dict[str, Any]:
    """Open bills and late fees, oldest due first."""
    account_id = customers.get_account_by_no(account_no=account_no).account_id
    items = ledger.list_open_items(account_ids=[account_id])
    return {
        "account_no": account_no,
        "balance": yuan(ledger.balances(account_ids=[account_id]).get(account_id, 0)),
        "owed": yuan(sum(item.open_fen for item in items)),
        "items": [_open_item(item) for item in items],
    }


def account_out(account: AccountSummary | AccountDetail) -> dict[str, Any]:
    """An account with its phone masked."""
    phone = account.phone
    return {
        "account_no": account.account_no,
        "name": account.name,
        "phone": f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "",
        "address": account.address,
        "community": account.community,
        "category": account.category,
        "commodity": account.commodity,
        "plan_code": account.plan_code,
        "area_square_meters": milli(account.area_milli),
        "status": account.status,
    }


def _open_item(item: OpenItem) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "reference": item.reference,
        "description": item.description,
        "due_date": item.due_date,
        "original": yuan(item.original_fen),
        "open": yuan(item.open_fen),
    }
