"""Twenty clerks take money for one account at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

from django.db import connection

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger import contracts as c
from metercash.platform import tenancy
from tests.support.ledger import charge


DAY = date(2026, 1, 20)
CLERKS = 20


def test_every_fen_arrives_once(tenant: int, now: datetime) -> None:
    for n in range(3):
        charge(1, 5_000, reference=f"b{n}", now=now)

    def pay(clerk: int) -> c.Receipt:
        try:
            with tenancy.bind(tenant):
                return ledger.receive(
                    account_id=1,
                    fen=1_001,
                    business_key=f"pay:{clerk // 2}",
                    debit=c.ChartAccount.CASH,
                    accounting_date=DAY,
                    occurred_at=now,
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(CLERKS) as pool:
        receipts = list(pool.map(pay, range(2 * CLERKS)))

    assert receipts[::2] == receipts[1::2]
    assert sum(fen for r in receipts[::2] for _, fen in r.allocations) == 15_000
    assert ledger.balances(account_ids=[1]) == {1: CLERKS * 1_001 - 15_000}
    assert ledger.list_open_items(account_ids=[1]) == []
    assert ledger.verify().problems == ()
