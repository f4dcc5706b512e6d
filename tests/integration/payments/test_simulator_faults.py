"""Every fault of the simulated provider, told over HTTP to the gateway of a live server.

Whatever goes wrong on the way, money is credited exactly once or waits under a typed break.
"""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from metercash.contexts.ledger import api as ledger
from metercash.contexts.payments import api as payments
from metercash.contexts.payments import models
from metercash.contexts.payments.contracts import (
    OrderUndecided,
    ProviderRefused,
    ProviderUnclear,
    StatementNotReady,
)
from metercash.interfaces.simulators import wechat as simulator
from metercash.interfaces.simulators.wechat import notifier
from metercash.interfaces.simulators.wechat.book import FAULTS
from metercash.interfaces.simulators.wechat.notifier import signed
from metercash.platform import db, tenancy
from metercash.protocols.wechatpay.errors import StatementRefused
from tests.support import live
from tests.support.payments import balance, charge, control, open_accounts, owed


WAIT_SECONDS_MAX = 10
SHORT_RETRIES_S = (0, 0.1, 0.1, 0.2)


@pytest.fixture(scope="module")
def gateway(database):
    with live.serving() as base:
        yield base


@pytest.fixture
def present(tenant):
    """The present instant: the gateway reads the clock itself."""
    return datetime.now(UTC)


@pytest.fixture
def company(tenant, provider, gateway, monkeypatch):
    """A merchant whose provider calls the live gateway; retries come soon."""
    monkeypatch.setattr(notifier, "RETRY_DELAYS_S", SHORT_RETRIES_S)
    monkeypatch.setattr(notifier, "DELAY_S", 0.2)
    provider.book.faults.clear()
    provider.book.offset_s = 0
    code = tenancy.Tenant.objects.get(id=tenant).code
    payments.configure_provider(
        **simulator.provider_account(
            provider.keys.folder.parent.parent,
            provider.base_url,
            f"{gateway}/gateway/{code}/wechat/notify",
            merchant_id=f"19{tenant:08d}",
        )
    )
    return provider


@pytest.fixture
def account_id(present):
    [made] = open_accounts(1, present)
    charge(made, 8_000, present)
    return made


def order_for(account_id, now, *, key="k1"):
    return payments.create_order(account_id=account_id, fen=10_000, idempotency_key=key, now=now)


def scan(company, order):
    """Pay as a person does: open the page behind the code and press the button."""
    answer = httpx.post(f"{company.base_url}/pay/{order.order_no}", trust_env=False)
    assert "支付成功" in answer.text


def until(check):
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not check():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.02)


def status(order):
    return payments.get_order(order_no=order.order_no).status


def notifications(*, verified=True):
    with db.transaction():
        kept = models.Evidence.objects.filter(source="NOTIFICATION", verified=verified)
        return kept.count()


def facts():
    with db.transaction():
        return models.MoneyFact.objects.count()


def open_breaks():
    return [row.kind for row in payments.list_breaks(status="OPEN").items]


def credited_once(account_id):
    return (
        facts() == 1
        and (owed(account_id), balance(account_id)) == (0, 2_000)
        and open_breaks() == []
        and ledger.verify().ok
    )


class TestNotificationFaults:
    def test_without_a_fault(self, company, account_id, present):
        order = order_for(account_id, present)
        scan(company, order)
        until(lambda: status(order) == "SUCCEEDED")
        assert credited_once(account_id)

    def test_dropped_is_made_good_by_asking(self, company, account_id, present):
        control(company.base_url, "faults", drop=1)
        order = order_for(account_id, present)
        scan(company, order)
        assert payments.poll_due(now=present + timedelta(minutes=2)) == 1
        assert notifications() == 0
        assert credited_once(account_id)

    def test_delayed_comes_after_the_answer_to_a_query(self, company, account_id, present):
        control(company.base_url, "faults", delay=1)
        order = order_for(account_id, present)
        scan(company, order)
        asked = payments.poll_order(order_no=order.order_no, now=present + timedelta(seconds=2))
        assert asked.status == "SUCCEEDED"
        company.book.offset_s = 0
        until(lambda: notifications() == 1)
        assert credited_once(account_id)

    def test_doubled_and_sent_at_once(self, company, account_id, present):
        control(company.base_url, "faults", duplicate=1)
        order = order_for(account_id, present)
        scan(company, order)
        until(lambda: notifications() == 2)
        until(lambda: status(order) == "SUCCEEDED")
        assert credited_once(account_id)

    def test_second_payment_is_heard_of_first(self, company, present):
        accounts = open_accounts(2, present)
        orders = [order_for(each, present, key=f"k{each}") for each in accounts]
        control(company.base_url, "faults", reorder=1)
        scan(company, orders[0])
        assert notifications() == 0
        scan(company, orders[1])
        until(lambda: [status(order) for order in orders] == ["SUCCEEDED"] * 2)
        assert [balance(each) for each in accounts] == [10_000] * 2
        assert facts() == 2
        assert ledger.verify().ok

    def test_heard_of_before_the_order_is_answered(self, company, account_id, present):
        control(company.base_url, "faults", early_notify=1)
        order = order_for(account_id, present)
        assert order.status == "SUCCEEDED"
        assert notifications() == 1
        assert credited_once(account_id)

    def test_answer_to_the_order_is_lost_yet_it_is_paid(self, company, account_id, present):
        control(company.base_url, "faults", lose_answer=1)
        order = order_for(account_id, present)
        assert order.unknown
        scan(company, order)
        until(lambda: status(order) == "SUCCEEDED")
        assert credited_once(account_id)

    def test_signature_probe_is_refused_and_the_real_one_believed(
        self, company, account_id, present
    ):
        control(company.base_url, "faults", probe=1)
        order = order_for(account_id, present)
        scan(company, order)
        until(lambda: status(order) == "SUCCEEDED")
        assert notifications(verified=False) == 1
        assert credited_once(account_id)

    def test_signing_key_changes_between_order_and_payment(self, company, account_id, present):
        order = order_for(account_id, present)
        control(company.base_url, "faults", rotate_key=-1)
        scan(company, order)
        until(lambda: status(order) == "SUCCEEDED")
        assert credited_once(account_id)

    @pytest.mark.parametrize(
        ("fault", "kind"), [("wrong_amount", "AMOUNT"), ("wrong_merchant", "MERCHANT")]
    )
    def test_what_does_not_agree_waits_under_a_break(
        self, company, account_id, present, fault, kind
    ):
        control(company.base_url, "faults", **{fault: 1})
        order = order_for(account_id, present)
        scan(company, order)
        until(lambda: open_breaks() == [kind])
        assert (facts(), owed(account_id), balance(account_id)) == (1, 8_000, 0)
        assert ledger.verify().ok

    def test_clock_that_is_wrong_is_refused_until_it_is_right(self, company, account_id, present):
        order = order_for(account_id, present)
        company.book.offset_s = 3_600
        scan(company, order)
        until(lambda: notifications(verified=False) >= 1)
        company.book.offset_s = 0
        until(lambda: status(order) == "SUCCEEDED")
        assert credited_once(account_id)


class TestQueryFaults:
    def test_query_lags_behind_the_notification(self, company, account_id, present):
        control(company.base_url, "faults", drop=1, query_lag=1)
        order = order_for(account_id, present)
        scan(company, order)
        later = present + timedelta(seconds=5)
        assert payments.poll_order(order_no=order.order_no, now=later).status == "PENDING"
        later += timedelta(minutes=5)
        assert payments.poll_order(order_no=order.order_no, now=later).status == "SUCCEEDED"
        assert credited_once(account_id)

    def test_paid_at_the_instant_of_closing(self, company, account_id, present):
        order = order_for(account_id, present - timedelta(hours=2, seconds=5))
        control(company.base_url, "faults", pay_on_close=1)
        closing = payments.poll_order(order_no=order.order_no, now=datetime.now(UTC))
        assert closing.status in {"PENDING", "SUCCEEDED"}
        until(lambda: status(order) == "SUCCEEDED")
        assert credited_once(account_id)

    def test_paid_at_the_instant_of_closing_and_never_told(self, company, account_id, present):
        order = order_for(account_id, present - timedelta(hours=2, seconds=5))
        control(company.base_url, "faults", pay_on_close=1, drop=1)
        moment = datetime.now(UTC)
        assert payments.poll_order(order_no=order.order_no, now=moment).status == "PENDING"
        assert payments.poll_due(now=moment + timedelta(hours=1)) == 1
        assert status(order) == "SUCCEEDED"
        assert credited_once(account_id)


class TestCallFaults:
    def test_request_that_never_arrived_is_sent_again(self, company, account_id, present):
        control(company.base_url, "faults", lose_request=1)
        order = order_for(account_id, present)
        assert (order.unknown, order.code_url) == (True, "")
        asked = payments.poll_order(order_no=order.order_no, now=present + timedelta(seconds=5))
        assert (asked.unknown, asked.code_url.endswith(order.order_no)) == (False, True)
        scan(company, order)
        until(lambda: status(order) == "SUCCEEDED")
        assert credited_once(account_id)

    def test_request_that_never_arrived_ends_with_its_time(self, company, account_id, present):
        control(company.base_url, "faults", lose_request=1)
        order = order_for(account_id, present)
        later = present + timedelta(hours=3)
        assert payments.poll_order(order_no=order.order_no, now=later).status == "CLOSED"
        assert (facts(), owed(account_id)) == (0, 8_000)

    def test_refusal_ends_the_order_and_a_new_one_may_follow(self, company, account_id, present):
        control(company.base_url, "faults", refuse=1)
        with pytest.raises(ProviderRefused, match="NO_AUTH"):
            order_for(account_id, present)
        order = order_for(account_id, present, key="k2")
        scan(company, order)
        until(lambda: status(order) == "SUCCEEDED")
        assert credited_once(account_id)

    def test_nothing_new_is_ordered_while_one_is_in_doubt(self, company, account_id, present):
        control(company.base_url, "faults", lose_answer=1)
        first = order_for(account_id, present)
        control(company.base_url, "faults", down=-1)
        with pytest.raises(OrderUndecided):
            order_for(account_id, present + timedelta(seconds=5), key="k2")
        assert payments.poll_due(now=present + timedelta(minutes=2)) == 1
        assert payments.get_order(order_no=first.order_no).unknown
        control(company.base_url, "faults", down=0)
        scan(company, first)
        until(lambda: status(first) == "SUCCEEDED")
        assert credited_once(account_id)

    def test_provider_that_is_down_reconciles_nothing(self, company, account_id, present):
        control(company.base_url, "faults", down=1)
        yesterday = present.date() - timedelta(days=2)
        with pytest.raises(ProviderUnclear):
            payments.reconcile(provider="WECHAT", day=yesterday, now=present)
        assert facts() == 0


class TestStatementFaults:
    @pytest.fixture
    def paid(self, company, account_id, present):
        """An order whose money was credited by a notification."""
        order = order_for(account_id, present)
        scan(company, order)
        until(lambda: status(order) == "SUCCEEDED")
        return order

    @pytest.fixture
    def missed(self, company, account_id, present):
        """An order paid without anybody telling."""
        control(company.base_url, "faults", drop=1)
        order = order_for(account_id, present)
        scan(company, order)
        return order

    def day_of(self, order, company):
        return datetime.fromisoformat(company.book.orders[order.order_no].paid_at).date()

    def reconcile(self, order, company, *, days=1):
        day = self.day_of(order, company) + timedelta(days=days - 1)
        now = datetime.now(UTC) + timedelta(days=days)
        return payments.reconcile(provider="WECHAT", day=day, now=now)

    def test_missed_money_is_recovered(self, company, account_id, missed):
        result = self.reconcile(missed, company)
        assert (result.recovered, result.breaks) == (1, 0)
        assert credited_once(account_id)

    def test_late_then_truncated_changes_nothing_then_recovers(self, company, account_id, missed):
        control(company.base_url, "faults", statement_late=1, statement_truncated=1)
        with pytest.raises(StatementNotReady):
            self.reconcile(missed, company)
        with pytest.raises(StatementRefused):
            self.reconcile(missed, company)
        assert facts() == 0
        self.reconcile(missed, company)
        assert credited_once(account_id)

    def test_line_nobody_knows_waits_as_suspense(self, company, account_id, paid):
        control(company.base_url, "faults", statement_extra=1)
        result = self.reconcile(paid, company)
        assert (result.matched, open_breaks()) == (1, ["UNKNOWN_ORDER"])
        assert (owed(account_id), balance(account_id)) == (0, 2_000)
        assert ledger.verify().ok

    def test_never_listed_is_a_break_on_the_second_day(self, company, account_id, paid):
        control(company.base_url, "faults", statement_missing=1)
        assert self.reconcile(paid, company).waiting == 1
        self.reconcile(paid, company, days=2)
        assert open_breaks() == ["ONLY_OURS"]
        assert (facts(), owed(account_id), balance(account_id)) == (1, 0, 2_000)
        assert ledger.verify().ok

    def test_crossing_midnight_is_matched_on_the_second_day(self, company, account_id, present):
        control(company.base_url, "faults", cross_day=1)
        order = order_for(account_id, present)
        scan(company, order)
        until(lambda: status(order) == "SUCCEEDED")
        assert (self.reconcile(order, company).waiting, open_breaks()) == (1, [])
        assert self.reconcile(order, company, days=2).matched == 1
        assert credited_once(account_id)


class TestControlPanel:
    def test_knows_each_fault_of_this_module(self, company):
        source = Path(__file__).read_text()
        assert [name for name in sorted(FAULTS) if name not in source] == []

    @pytest.mark.parametrize(
        ("action", "body"),
        [("faults", {"earthquake": 1}), ("pay", {"order_no": "nobody"}), ("dance", {})],
    )
    def test_refuses_what_it_does_not_know(self, company, action, body):
        answer = httpx.post(f"{company.base_url}/control/{action}", json=body, trust_env=False)
        assert (answer.status_code, answer.json()["code"]) == (400, "PARAM_ERROR")

    def test_shows_its_orders_and_pages(self, company, account_id, present):
        order = order_for(account_id, present)
        listed = control(company.base_url, "orders")["orders"]
        assert order.order_no in [each["out_trade_no"] for each in listed]
        with httpx.Client(base_url=company.base_url, trust_env=False) as client:
            assert "¥100.00" in client.get(f"/pay/{order.order_no}").text
            assert client.get("/pay/nobody").status_code == 404
            assert client.get("/elsewhere").status_code == 404
            assert client.get("/static/phone.css").headers["content-type"].startswith("text/css")
            unsigned = client.get("/v3/certificates")
            assert (unsigned.status_code, unsigned.json()["code"]) == (401, "SIGN_ERROR")


class TestGateway:
    """What reaches the gateway and is no notification."""

    def post(self, url, body, headers=None):
        return httpx.post(url, content=body, headers=headers, trust_env=False, timeout=10)

    def test_refuses_an_unknown_company(self, company, gateway):
        answer = self.post(f"{gateway}/gateway/nobody/wechat/notify", b"{}")
        assert (answer.status_code, answer.json()["code"]) == (404, "FAIL")

    def test_refuses_a_body_too_large(self, company, gateway, account_id, present):
        order_for(account_id, present)
        url = self.address(company)
        assert self.post(url, b"x" * (64 * 1024 + 1)).status_code == 413
        assert notifications(verified=False) == 0

    def test_refuses_another_way_of_asking(self, company, account_id, present):
        order_for(account_id, present)
        assert httpx.get(self.address(company), trust_env=False).status_code == 405

    def test_refuses_and_keeps_what_nobody_signed(self, company, account_id, present):
        order = order_for(account_id, present)
        answer = self.post(self.address(company), b"{}")
        assert 400 <= answer.status_code < 500
        assert answer.json()["code"] == "FAIL"
        assert notifications(verified=False) == 1
        assert status(order) == "PENDING"

    def test_refuses_a_signature_made_for_another_body(self, company, account_id, present):
        order = order_for(account_id, present)
        paid = company.book.pay(order.order_no)
        body = company.notifier.body(paid)
        headers = signed(company.keys, company.book, body)
        assert self.post(self.address(company), body + b" ", headers).is_client_error
        assert (facts(), owed(account_id)) == (0, 8_000)
        assert self.post(self.address(company), body, headers).status_code == 204
        assert credited_once(account_id)

    def address(self, company):
        latest = list(company.book.orders.values())[-1]
        return latest.notify_url
