"""A hosted order from the intent to money in the bank, against the simulator."""

from dataclasses import replace
from datetime import timedelta

import pytest

from metercash.contexts.ledger import api as ledger
from metercash.contexts.payments import api as payments
from metercash.contexts.payments import contracts as c
from metercash.contexts.payments import models
from metercash.interfaces.simulators.wechat.notifier import signed
from metercash.platform import db
from metercash.protocols.wechatpay.errors import StatementRefused
from tests.support.payments import balance, charge, control, open_accounts, owed


def order_for(account_id, now, *, fen=10_000, key="k1"):
    return payments.create_order(account_id=account_id, fen=fen, idempotency_key=key, now=now)


def pay(merchant, order, now):
    control(merchant.base_url, "pay", order_no=order.order_no, at=now.isoformat(), notify=False)


def notify(merchant, order, now):
    paid = merchant.book.orders[order.order_no]
    body = merchant.notifier.body(paid)
    headers = signed(merchant.keys, merchant.book, body)
    return payments.handle_notification(
        provider="WECHAT", headers=headers, body=body, now=now + timedelta(seconds=2)
    )


def facts():
    with db.transaction():
        return models.MoneyFact.objects.count()


def open_breaks():
    return [row.kind for row in payments.list_breaks(status="OPEN").items]


class TestCreateOrder:
    def test_gives_a_code_and_repeats_it_for_the_same_key(self, merchant, account_id, now):
        order = order_for(account_id, now)
        assert order.status == "PENDING"
        assert order.code_url.endswith(order.order_no)
        assert order_for(account_id, now) == order

    def test_refuses_the_key_for_another_request(self, merchant, account_id, now):
        order_for(account_id, now)
        with pytest.raises(c.IdempotencyConflict):
            order_for(account_id, now, fen=10_001)

    def test_lost_answer_leaves_it_unknown_until_asked(self, merchant, account_id, now):
        control(merchant.base_url, "faults", lose_answer=1)
        order = order_for(account_id, now)
        assert (order.status, order.unknown, order.code_url) == ("PENDING", True, "")
        asked = payments.poll_order(order_no=order.order_no, now=now + timedelta(seconds=10))
        assert (asked.unknown, asked.status) == (False, "PENDING")
        assert asked.code_url.endswith(order.order_no)

    def test_asks_for_the_undecided_order_before_a_new_one(self, merchant, account_id, now):
        control(merchant.base_url, "faults", lose_answer=1)
        first = order_for(account_id, now)
        pay(merchant, first, now)
        order_for(account_id, now + timedelta(seconds=5), key="k2")
        assert payments.get_order(order_no=first.order_no).status == "SUCCEEDED"
        assert balance(account_id) == 10_000

    def test_unreachable_provider_is_unknown_not_failed(self, merchant, account_id, now):
        with db.transaction():
            row = models.ProviderAccount.objects.get(provider="WECHAT")
            row.settings = {**row.settings, "base_url": "http://127.0.0.1:9"}
            row.save()
        assert order_for(account_id, now).unknown


class TestHandleNotification:
    def test_pays_the_debt_once(self, merchant, account_id, now):
        charge(account_id, 8_000, now)
        order = order_for(account_id, now)
        pay(merchant, order, now)
        assert notify(merchant, order, now).fresh
        assert not notify(merchant, order, now).fresh
        assert (owed(account_id), balance(account_id)) == (0, 2_000)
        assert payments.get_order(order_no=order.order_no).status == "SUCCEEDED"
        assert facts() == 1

    def test_keeps_a_refused_one_and_changes_nothing(self, merchant, account_id, now):
        order = order_for(account_id, now)
        pay(merchant, order, now)
        body = merchant.notifier.body(merchant.book.orders[order.order_no])
        headers = signed(merchant.keys, merchant.book, body)
        for changed, raw in (
            ({"Wechatpay-Signature": "WECHATPAY/SIGNTEST/abc"}, body),
            ({}, body + b" "),
            ({"Wechatpay-Timestamp": "1"}, body),
        ):
            with pytest.raises(c.NotificationRefused):
                payments.handle_notification(
                    provider="WECHAT", headers={**headers, **changed}, body=raw, now=now
                )
        assert facts() == 0
        with db.transaction():
            kept = list(models.Evidence.objects.filter(verified=False))
        assert [bytes(row.raw) for row in kept] == [body, body + b" ", body]

    def test_survives_the_change_to_public_keys(self, merchant, account_id, now):
        order = order_for(account_id, now)
        control(merchant.base_url, "faults", rotate_key=-1)
        pay(merchant, order, now)
        assert notify(merchant, order, now).fresh

    @pytest.mark.parametrize(
        ("fault", "kind"), [("wrong_amount", "AMOUNT"), ("wrong_merchant", "MERCHANT")]
    )
    def test_puts_what_does_not_agree_in_suspense(self, merchant, account_id, now, fault, kind):
        order = order_for(account_id, now)
        pay(merchant, order, now)
        control(merchant.base_url, "faults", **{fault: 1})
        assert notify(merchant, order, now).outcome == "SUSPENSE"
        assert open_breaks() == [kind]
        assert balance(account_id) == 0
        assert ledger.verify().ok

    def test_same_movement_with_another_amount_is_a_conflict(self, merchant, account_id, now):
        order = order_for(account_id, now)
        pay(merchant, order, now)
        notify(merchant, order, now)
        control(merchant.base_url, "faults", wrong_amount=1)
        notify(merchant, order, now)
        assert open_breaks() == ["CONFLICT"]
        assert balance(account_id) == 10_000


class TestPollOrder:
    def test_hears_of_money_whose_notification_was_lost(self, merchant, account_id, now):
        order = order_for(account_id, now)
        pay(merchant, order, now)
        control(merchant.base_url, "faults", query_lag=1)
        early = payments.poll_order(order_no=order.order_no, now=now + timedelta(seconds=10))
        assert early.status == "PENDING"
        assert payments.poll_due(now=now + timedelta(minutes=2)) == 1
        assert payments.get_order(order_no=order.order_no).status == "SUCCEEDED"

    def test_closes_after_its_time_and_still_takes_late_money(self, merchant, account_id, now):
        order = order_for(account_id, now)
        later = now + timedelta(hours=3)
        assert payments.poll_order(order_no=order.order_no, now=later).status == "CLOSED"
        book = merchant.book
        book.put(replace(book.orders[order.order_no], state="NOTPAY"))
        pay(merchant, order, now + timedelta(minutes=30))
        notify(merchant, order, later)
        assert payments.get_order(order_no=order.order_no).status == "SUCCEEDED_LATE"
        assert balance(account_id) == 10_000
        assert open_breaks() == ["LATE"]


class TestReconcile:
    def next_day(self, now):
        return now + timedelta(days=1)

    def test_balances_recovers_and_banks(self, merchant, tenant, now):
        accounts = open_accounts(3, now)
        orders = [order_for(a, now, key=f"k{a}") for a in accounts]
        for order in orders:
            pay(merchant, order, now)
        notify(merchant, orders[0], now)
        payments.poll_order(order_no=orders[1].order_no, now=now + timedelta(seconds=10))
        for _ in range(2):
            result = payments.reconcile(provider="WECHAT", day=now.date(), now=self.next_day(now))
            assert (result.matched, result.recovered, result.breaks) == (2, 1, 0)
            assert (result.paid_fen, result.fee_fen, result.banked_fen) == (30_000, 60, 29_940)
        assert [balance(a) for a in accounts] == [10_000] * 3
        flow = payments.money_flow()
        assert (flow.paid, flow.banked, flow.banked_fen) == (3, 3, 30_000)
        assert ledger.verify().ok

    def test_holds_what_the_channel_lists_a_day_later(self, merchant, account_id, now):
        control(merchant.base_url, "faults", cross_day=1)
        order = order_for(account_id, now)
        pay(merchant, order, now)
        notify(merchant, order, now)
        result = payments.reconcile(provider="WECHAT", day=now.date(), now=self.next_day(now))
        assert (result.status, result.waiting, result.breaks) == ("WAITING", 1, 0)
        day = self.next_day(now)
        result = payments.reconcile(provider="WECHAT", day=day.date(), now=self.next_day(day))
        assert (result.matched, result.breaks) == (1, 0)

    def test_breaks_what_the_channel_never_lists(self, merchant, account_id, now):
        order = order_for(account_id, now)
        pay(merchant, order, now)
        notify(merchant, order, now)
        control(merchant.base_url, "faults", statement_missing=1)
        payments.reconcile(provider="WECHAT", day=now.date(), now=self.next_day(now))
        day = self.next_day(now)
        payments.reconcile(provider="WECHAT", day=day.date(), now=self.next_day(day))
        assert open_breaks() == ["ONLY_OURS"]

    def test_stray_money_is_credited_only_by_two_people(self, merchant, account_id, now):
        control(merchant.base_url, "faults", statement_extra=1)
        payments.reconcile(provider="WECHAT", day=now.date(), now=self.next_day(now))
        [stray] = payments.list_breaks(status="OPEN").items
        assert (stray.kind, stray.actual_fen) == ("UNKNOWN_ORDER", 8_800)
        arguments = {"break_id": stray.break_id, "reason": "核实为该户", "now": now}
        with pytest.raises(c.BreakRefused):
            payments.resolve_break(**arguments, resolved_by="甲", approved_by="甲")
        payments.resolve_break(
            **arguments, resolved_by="甲", approved_by="乙", credit_account_id=account_id
        )
        assert balance(account_id) == 8_800
        assert open_breaks() == []
        assert ledger.verify().ok

    def test_refuses_late_and_truncated_files(self, merchant, account_id, now):
        order = order_for(account_id, now)
        pay(merchant, order, now)
        control(merchant.base_url, "faults", statement_late=1, statement_truncated=1)
        arguments = {"provider": "WECHAT", "day": now.date(), "now": self.next_day(now)}
        with pytest.raises(c.StatementNotReady):
            payments.reconcile(**arguments)
        with pytest.raises(StatementRefused):
            payments.reconcile(**arguments)
        assert facts() == 0
        assert payments.reconcile(**arguments).recovered == 1
