"""Twenty clerks at twenty browsers take money for one account at once."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount
from metercash.contexts.payments import api as payments
from metercash.platform import tenancy
from metercash.platform.access import Role, api
from tests.support.payments import balance, charge, open_accounts, owed


CLERKS = 20
ONE_KEY = "f" * 32
PAID_FEN = 1_000
DEBT_FEN = 8_888
RECEIPT = re.compile(r'id="print-receipt" href="/console/receipts/([^/]+)/')
PASSWORD = "Kuai-Le-2026-Xue"


def signed_in(tenant: int, number: int) -> tuple[int, Client]:
    """A clerk of the company with an open shift; user id and browser."""
    username = f"clerk{number}"
    user = api.create_user(
        username=username, display_name=username, roles=[Role.COUNTER_CLERK], password=PASSWORD
    )
    client = Client(SERVER_NAME="localhost")
    code = tenancy.Tenant.objects.get(id=tenant).code
    fields = {"tenant": code, "username": username, "password": PASSWORD}
    assert client.post("/console/sign-in/", fields).status_code == 302
    assert client.post("/console/shift/open/", {"opening": "0"}).status_code == 302
    return user.user_id, client


@pytest.fixture
def clerks(tenant: int) -> list[tuple[int, Client]]:
    """Twenty clerks, each signed in and with a shift of their own."""
    return [signed_in(tenant, number) for number in range(CLERKS)]


class TestTwentyClerksAtTheCounter:
    def test_credit_each_key_exactly_once(
        self, tenant: int, clerks: list[tuple[int, Client]], now: datetime
    ) -> None:
        [account_id] = open_accounts(1, now)
        charge(account_id, DEBT_FEN, now)
        [item] = ledger.list_open_items(account_ids=[account_id])
        ready = threading.Barrier(CLERKS)

        def pay(number: int) -> str:
            fields = {
                "account": account_id,
                "item": item.open_item_id,
                "key": ONE_KEY if number % 2 else f"{number:032x}",
                "received_CASH": "10.00",
                "keep_change": "on",
            }
            try:
                ready.wait(timeout=30)
                response = clerks[number][1].post("/console/counter/pay/", fields)
                assert response.status_code == 200
                assert "HX-Retarget" not in response, response.content.decode()
                [receipt_no] = RECEIPT.findall(response.content.decode())
                return str(receipt_no)
            finally:
                connection.close()

        with ThreadPoolExecutor(CLERKS) as pool:
            receipts = list(pool.map(pay, range(CLERKS)))

        keys = CLERKS // 2 + 1
        assert len(set(receipts[1::2])) == 1, "the shared key is one receipt"
        assert len(set(receipts)) == keys
        # 11 keys × 10.00 = 110.00 taken; 88.88 pay the debt, 21.12 stay on the balance.
        assert (owed(account_id), balance(account_id)) == (0, keys * PAID_FEN - DEBT_FEN)
        taken = payments.list_payments(account_id=account_id, per_page=100).items
        assert sum(row.fen for row in taken) == keys * PAID_FEN
        assert ledger.trial_balance()[ChartAccount.CASH] == keys * PAID_FEN
        assert ledger.verify().ok

        shifts = [payments.current_shift(user_id=user_id) for user_id, _ in clerks]
        drawers = [shift.totals_fen.get("CASH", 0) for shift in shifts if shift is not None]
        assert sum(drawers) == keys * PAID_FEN
        assert sorted(drawers[1::2]) == [0] * (CLERKS // 2 - 1) + [PAID_FEN]
        assert drawers[::2] == [PAID_FEN] * (CLERKS // 2)

    def test_close_shifts_that_count_out(
        self, tenant: int, clerks: list[tuple[int, Client]], now: datetime
    ) -> None:
        [account_id] = open_accounts(1, now)
        user_id, client = clerks[0]
        ready = threading.Barrier(4)

        def pay(key: int) -> None:
            browser = Client(SERVER_NAME="localhost")
            browser.cookies.load(client.cookies.output(header=""))
            fields = {
                "account": account_id,
                "key": f"{key:032x}",
                "received_CASH": "10.00",
                "keep_change": "on",
            }
            try:
                ready.wait(timeout=30)
                response = browser.post("/console/counter/pay/", fields)
                assert "HX-Retarget" not in response, response.content.decode()
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(pay, [1, 2, 3, 3]))
        shift = payments.current_shift(user_id=user_id)
        assert shift is not None
        assert client.post("/console/shift/close/", {"counted": "30.00"}).status_code == 302
        closed = payments.get_shift(shift_id=shift.shift_id)
        assert (closed.status, closed.expected_fen, closed.over_short_fen) == ("COUNTED", 3_000, 0)
        assert balance(account_id) == 3 * PAID_FEN
        assert ledger.verify().ok
