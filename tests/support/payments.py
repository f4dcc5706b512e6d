"""What payment tests share: accounts with debts, a running simulator, a configured merchant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import httpx

from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from tests.support import ledger as support
from tests.support.customers import as_csv, row


DUE = date(2026, 1, 10)


def open_accounts(count: int, now: datetime) -> list[int]:
    """Import that many homes; their account ids by number."""
    content = as_csv([row(number) for number in range(1, count + 1)])
    report = customers.import_file(content=content, filename="a.csv", dry_run=False, now=now)
    assert not report.errors
    return [
        customers.get_account_by_no(account_no=f"1{number:07d}").account_id
        for number in range(1, count + 1)
    ]


def charge(account_id: int, fen: int, now: datetime, *, name: str = "bill") -> None:
    """Bill an account."""
    support.charge(account_id, fen, reference=f"{name}-{account_id}", now=now, due=DUE)


def owed(account_id: int) -> int:
    """What the account still owes."""
    return sum(item.open_fen for item in ledger.list_open_items(account_ids=[account_id]))


def balance(account_id: int) -> int:
    """The account's prepaid balance."""
    return ledger.balances(account_ids=[account_id])[account_id]


def control(base_url: str, action: str, **values: Any) -> dict[str, Any]:
    """Tell the simulator something."""
    answer = httpx.post(f"{base_url}/control/{action}", json=values, trust_env=False)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
