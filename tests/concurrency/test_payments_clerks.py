"""Many hands on one account: real threads, real locks."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from metercash.contexts.ledger import api as ledger
from metercash.contexts.payments import api as payments
from metercash.contexts.payments import models
from metercash.contexts.payments.contracts import Observation, Tender
from metercash.interfaces.simulators import wechat as simulator
from metercash.platform import db, tenancy
from tests.support.payments import balance, charge, open_accounts, owed


CLERKS = 20


def together(tenant, calls):
    """Run the calls at once, each with the tenant bound in its own thread."""

    def one(call):
        try:
            with tenancy.bind(tenant):
                return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def clerk(shift_id, account_id, key, now):
    def pay():
        return payments.take_payment(
            shift_id=shift_id,
            account_id=account_id,
            tenders=[Tender("CASH", 1_000)],
            idempotency_key=key,
            now=now,
        )

    return pay


class TestTwentyClerks:
    @pytest.fixture
    def shifts(self, tenant, now):
        return [payments.open_shift(user_id=n, now=now).shift_id for n in range(CLERKS)]

    def test_different_keys_are_twenty_payments(self, tenant, shifts, now):
        [account_id] = open_accounts(1, now)
        charge(account_id, 15_500, now)
        calls = [clerk(s, account_id, f"k{s}", now) for s in shifts]
        assert len({r.receipt_no for r in together(tenant, calls)}) == CLERKS
        assert (owed(account_id), balance(account_id)) == (0, CLERKS * 1_000 - 15_500)
        assert ledger.verify().ok

    def test_one_key_is_one_payment(self, tenant, shifts, now):
        [account_id] = open_accounts(1, now)
        calls = [clerk(s, account_id, "same", now) for s in shifts]
        receipts = together(tenant, calls)
        assert len({r.receipt_no for r in receipts}) == 1
        assert sum(not r.replayed for r in receipts) == 1
        assert balance(account_id) == 1_000

    def test_one_shift_keeps_its_series_whole(self, tenant, shifts, now):
        [account_id] = open_accounts(1, now)
        calls = [clerk(shifts[0], account_id, f"k{n}", now) for n in range(CLERKS)]
        serials = sorted(int(r.receipt_no[-4:]) for r in together(tenant, calls))
        assert serials == list(range(1, CLERKS + 1))


class TestAnyOrder:
    @pytest.fixture
    def provider(self, tenant, tmp_path):
        running = simulator.run(tmp_path)
        arguments = simulator.provider_account(tmp_path, running.base_url, "")
        payments.configure_provider(**arguments)
        yield running
        running.close()

    def test_three_sources_in_any_order_are_one_fact(self, tenant, provider, now):
        [account_id] = open_accounts(1, now)
        for number, sources in enumerate(
            itertools.permutations(("NOTIFICATION", "QUERY", "STATEMENT"))
        ):
            order = payments.create_order(
                account_id=account_id, fen=500, idempotency_key=f"o{number}", now=now
            )
            for source in sources:
                self.hear(order, number, source, now)
        together(
            tenant,
            [lambda s=s: self.hear(order, number, s, now) for s in (*sources, *sources)],
        )
        with db.transaction():
            assert models.MoneyFact.objects.count() == number + 1
        assert balance(account_id) == 500 * (number + 1)
        assert payments.list_breaks(status="OPEN").items == []
        assert ledger.verify().ok

    def test_six_copies_at_once_are_one_fact(self, tenant, provider, now):
        [account_id] = open_accounts(1, now)
        order = payments.create_order(account_id=account_id, fen=500, idempotency_key="o", now=now)
        calls = [lambda: self.hear(order, 0, "NOTIFICATION", now) for _ in range(6)]
        assert sum(view.fresh for view in together(tenant, calls)) == 1
        assert balance(account_id) == 500

    def hear(self, order, number, source, now):
        seen = Observation(
            "PAYMENT", f"T{number}", order.order_no, simulator.server.MERCHANT_ID, 500,
            now + timedelta(minutes=1), source,
        )  # fmt: skip
        raw = json.dumps([source, number]).encode()
        return payments.record_fact(provider="WECHAT", seen=seen, raw=raw, now=now)
