"""Money through the ledger's front door, on real PostgreSQL."""

from datetime import date, datetime, timedelta

import pytest

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger import contracts as c
from tests.support import ledger as support


DAY = date(2026, 1, 20)
CHART = c.ChartAccount


def charge(
    now: datetime,
    *,
    account_id: int = 7,
    fen: int = 10_000,
    name: str = "b1",
    due: date = DAY,
    kind: c.ItemKind = c.ItemKind.BILL,
) -> int:
    """Open a debt with its journal; returns the open item's id."""
    return support.charge(account_id, fen, reference=name, now=now, kind=kind, due=due, day=DAY)


def pay(now: datetime, fen: int, key: str = "p1", account_id: int = 7, **more: object) -> c.Receipt:
    return ledger.receive(
        account_id=account_id,
        fen=fen,
        business_key=key,
        debit=CHART.CASH,
        accounting_date=DAY,
        occurred_at=now,
        **more,  # type: ignore[arg-type]
    )


def assert_sound() -> None:
    report = ledger.verify()
    assert report.problems == ()


@pytest.mark.usefixtures("tenant")
class TestReceive:
    def test_pays_the_oldest_first_and_keeps_the_rest(self, now: datetime) -> None:
        later = charge(now, name="later", due=DAY + timedelta(days=5), fen=3_000)
        older = charge(now, name="older", due=DAY - timedelta(days=5), fen=2_000)
        receipt = pay(now, 6_000)
        assert receipt.allocations == ((older, 2_000), (later, 3_000))
        assert receipt.to_balance_fen == 1_000
        assert ledger.balances(account_ids=[7, 8]) == {7: 1_000, 8: 0}
        assert ledger.list_open_items(account_ids=[7]) == []
        assert_sound()

    def test_happens_once_per_business_key(self, now: datetime) -> None:
        charge(now)
        first = pay(now, 4_000)
        assert pay(now, 4_000) == first
        with pytest.raises(c.BusinessKeyConflict):
            pay(now, 4_001)
        assert ledger.list_open_items(account_ids=[7])[0].open_fen == 6_000
        assert_sound()

    def test_pays_only_the_chosen_items(self, now: datetime) -> None:
        charge(now, name="b1", fen=1_000)
        chosen = charge(now, name="b2", fen=1_000, due=DAY + timedelta(days=9))
        assert pay(now, 1_500, open_item_ids=[chosen]).allocations == ((chosen, 1_000),)
        with pytest.raises(c.OpenItemNotFound):
            pay(now, 100, key="p2", account_id=8, open_item_ids=[chosen])
        assert_sound()

    def test_refuses_nothing_and_less(self, now: datetime) -> None:
        with pytest.raises(c.AmountRefused):
            pay(now, 0)
        assert ledger.verify().journals == 0


@pytest.mark.usefixtures("tenant")
class TestUseBalance:
    def test_moves_prepaid_money_to_debts(self, now: datetime) -> None:
        pay(now, 5_000)
        item = charge(now, fen=3_000)
        receipt = ledger.use_balance(
            account_id=7, business_key="u1", accounting_date=DAY, occurred_at=now
        )
        assert receipt is not None
        assert receipt.allocations == ((item, 3_000),)
        again = ledger.use_balance(
            account_id=7, business_key="u1", accounting_date=DAY, occurred_at=now
        )
        assert again == receipt
        assert ledger.balances(account_ids=[7]) == {7: 2_000}
        assert_sound()

    def test_does_nothing_without_debt(self, now: datetime) -> None:
        pay(now, 5_000)
        receipt = ledger.use_balance(
            account_id=7, business_key="u1", accounting_date=DAY, occurred_at=now
        )
        assert receipt is None

    def test_refuses_more_than_there_is(self, now: datetime) -> None:
        pay(now, 500)
        charge(now)
        with pytest.raises(c.AmountRefused):
            ledger.use_balance(
                account_id=7, business_key="u", accounting_date=DAY, occurred_at=now, fen=501
            )
        assert ledger.balances(account_ids=[7]) == {7: 500}


@pytest.mark.usefixtures("tenant")
class TestUnwinding:
    def undo(self, now: datetime, key: str) -> int:
        return ledger.reverse(
            business_key=key, new_business_key=f"undo:{key}", accounting_date=DAY, occurred_at=now
        )

    def test_reversing_a_payment_reopens_what_it_paid(self, now: datetime) -> None:
        charge(now)
        pay(now, 12_000)
        first = self.undo(now, "p1")
        assert self.undo(now, "p1") == first
        assert ledger.list_open_items(account_ids=[7])[0].open_fen == 10_000
        assert ledger.balances(account_ids=[7]) == {7: 0}
        assert set(ledger.trial_balance().values()) == {10_000, -10_000, 0}
        with pytest.raises(c.NotReversible):
            self.undo(now, "undo:p1")
        with pytest.raises(c.AlreadyReversed):
            ledger.reverse(
                business_key="p1", new_business_key="x", accounting_date=DAY, occurred_at=now
            )
        assert_sound()

    def test_canceling_a_paid_bill_returns_the_money(self, now: datetime) -> None:
        charge(now)
        pay(now, 4_000)
        returned = ledger.cancel_receivable(
            reference="b1", business_key="c1", accounting_date=DAY, occurred_at=now
        )
        self.undo(now, "b1")
        assert returned == 4_000
        assert ledger.balances(account_ids=[7]) == {7: 4_000}
        item = ledger.items_by_reference(references=["b1"])["b1"]
        assert (item.status, item.open_fen) == ("CANCELED", 0)
        assert_sound()
        self.undo(now, "p1")
        assert ledger.balances(account_ids=[7]) == {7: 0}
        assert_sound()

    def test_canceling_an_unpaid_and_a_waived_bill(self, now: datetime) -> None:
        charge(now, name="b1")
        charge(now, name="b2")
        ledger.waive(
            reference="b2", fen=3_000, business_key="w", accounting_date=DAY, occurred_at=now
        )
        for name in ("b1", "b2"):
            for _ in range(2):
                returned = ledger.cancel_receivable(
                    reference=name, business_key=f"c:{name}", accounting_date=DAY, occurred_at=now
                )
                assert returned == 0
            self.undo(now, name)
        assert_sound()
        with pytest.raises(c.NotReversible):
            self.undo(now, "w")

    def test_a_payment_whose_balance_was_used_stays(self, now: datetime) -> None:
        pay(now, 5_000)
        charge(now)
        ledger.use_balance(account_id=7, business_key="u", accounting_date=DAY, occurred_at=now)
        with pytest.raises(c.BalanceInsufficient):
            self.undo(now, "p1")
        assert ledger.list_open_items(account_ids=[7])[0].open_fen == 5_000
        assert_sound()
        self.undo(now, "u")
        self.undo(now, "p1")
        assert ledger.balances(account_ids=[7]) == {7: 0}
        assert_sound()

    def test_reversing_a_waiver_reopens_the_debt(self, now: datetime) -> None:
        charge(now, kind=c.ItemKind.LATE_FEE, fen=300)
        for _ in range(2):
            ledger.waive(
                reference="b1", fen=300, business_key="w", accounting_date=DAY, occurred_at=now
            )
        assert ledger.list_open_items(account_ids=[7]) == []
        self.undo(now, "w")
        assert ledger.list_open_items(account_ids=[7])[0].open_fen == 300
        assert_sound()

    def test_refuses_unknown_keys(self, now: datetime) -> None:
        with pytest.raises(c.JournalNotFound):
            self.undo(now, "nothing")
        with pytest.raises(c.OpenItemNotFound):
            ledger.cancel_receivable(
                reference="nothing", business_key="c", accounting_date=DAY, occurred_at=now
            )

    def test_canceling_under_the_same_key_gives_the_same_answer(self, now: datetime) -> None:
        charge(now, fen=300)
        pay(now, 200)
        answers = [self.cancel(now, "b1", key) for key in ("c1", "c1", "another")]
        assert answers == [200, 200, 0]
        assert ledger.balances(account_ids=[7]) == {7: 200}

    def test_canceling_refuses_a_key_used_for_something_else(self, now: datetime) -> None:
        charge(now, name="b1", fen=300)
        charge(now, name="b2", fen=300)
        self.cancel(now, "b1", "c1")
        for reference in ("b2", "b1"):
            with pytest.raises(c.BusinessKeyConflict):
                self.cancel(now, reference, "b1")
        with pytest.raises(c.BusinessKeyConflict):
            self.cancel(now, "b2", "c1")
        assert ledger.items_by_reference(references=["b2"])["b2"].open_fen == 300

    def cancel(self, now: datetime, reference: str, key: str) -> int:
        return ledger.cancel_receivable(
            reference=reference, business_key=key, accounting_date=DAY, occurred_at=now
        )

    def waive(self, now: datetime, fen: int, key: str) -> int:
        return ledger.waive(
            reference="b1", fen=fen, business_key=key, accounting_date=DAY, occurred_at=now
        )

    def test_a_payments_key_is_no_waivers(self, now: datetime) -> None:
        charge(now, fen=300)
        pay(now, 300, key="p1")
        with pytest.raises(c.BusinessKeyConflict):
            self.waive(now, 300, "p1")
        assert_sound()

    def test_a_waiver_is_refused_under_its_key_with_another_amount(self, now: datetime) -> None:
        charge(now, fen=300)
        self.waive(now, 100, "w1")
        with pytest.raises(c.BusinessKeyConflict):
            self.waive(now, 99, "w1")
        with pytest.raises(c.AmountRefused):
            self.waive(now, 201, "w2")
        assert ledger.list_open_items(account_ids=[7])[0].open_fen == 200

    def test_a_canceled_bills_waiver_is_not_reversed(self, now: datetime) -> None:
        charge(now, fen=300)
        self.waive(now, 100, "w1")
        self.cancel(now, "b1", "c1")
        for key in ("w1", "c1"):
            with pytest.raises(c.NotReversible):
                self.undo(now, key)

    def test_reversing_happens_once(self, now: datetime) -> None:
        charge(now, fen=300)
        pay(now, 200, key="p1")
        pay(now, 50, key="p2")
        first = ledger.reverse(
            business_key="p1", new_business_key="r1", accounting_date=DAY, occurred_at=now
        )
        for refused, old, new in (
            (c.AlreadyReversed, "p1", "r2"),
            (c.BusinessKeyConflict, "p2", "r1"),
            (c.NotReversible, "r1", "r3"),
        ):
            with pytest.raises(refused):
                ledger.reverse(
                    business_key=old, new_business_key=new, accounting_date=DAY, occurred_at=now
                )
        again = ledger.reverse(
            business_key="p1", new_business_key="r1", accounting_date=DAY, occurred_at=now
        )
        assert again == first
        assert ledger.list_open_items(account_ids=[7])[0].open_fen == 250
