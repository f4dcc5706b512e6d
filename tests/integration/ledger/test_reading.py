"""What the ledger tells about its books: lists, sums by day, takings, and what bulk posting refuses."""

from datetime import date, datetime, timedelta

import pytest

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger import contracts as c
from tests.support.ledger import charge


DAY = date(2026, 1, 20)
LATER = DAY + timedelta(days=1)
CHART = c.ChartAccount


def receive(now: datetime, fen: int, key: str, **more: object) -> c.Receipt:
    call: dict[str, object] = {"debit": CHART.CASH, "accounting_date": DAY, **more}
    return ledger.receive(
        account_id=7,
        fen=fen,
        business_key=key,
        occurred_at=now,
        **call,  # type: ignore[arg-type]
    )


def reversing(key: str, target: str, now: datetime) -> c.Journal:
    lines = (c.Posting(CHART.BANK, -5), c.Posting(CHART.CASH, 5))
    return c.Journal(key, "transfer.undone", DAY, now, lines, target)


@pytest.fixture
def debts(tenant: int, now: datetime) -> dict[str, int]:
    """Three debts of two customers; their item ids."""
    fee = c.ItemKind.LATE_FEE
    return {
        "bill": charge(7, 300, reference="bill", now=now, due=DAY, description="一月热费"),
        "fee": charge(7, 40, reference="fee", now=now, due=LATER, kind=fee),
        "other": charge(8, 500, reference="other", now=now, due=LATER),
    }


@pytest.mark.usefixtures("debts")
class TestListOpenItems:
    @pytest.mark.parametrize(
        ("asked", "references"),
        [
            ({}, ["bill", "fee", "other"]),
            ({"account_ids": [7]}, ["bill", "fee"]),
            ({"account_ids": []}, []),
            ({"kind": "LATE_FEE"}, ["fee"]),
            ({"due_before": LATER}, ["bill"]),
            ({"account_ids": [8], "kind": "LATE_FEE"}, []),
        ],
    )
    def test_narrows(self, asked: dict[str, object], references: list[str]) -> None:
        items = ledger.list_open_items(**asked)  # type: ignore[arg-type]
        assert [item.reference for item in items] == references

    def test_shows_settled_ones_only_if_asked(self, now: datetime) -> None:
        receive(now, 300, "p1")
        assert [i.reference for i in ledger.list_open_items(account_ids=[7])] == ["fee"]
        shown = ledger.list_open_items(account_ids=[7], include_settled=True)
        assert [(i.reference, i.status) for i in shown] == [("bill", "SETTLED"), ("fee", "OPEN")]

    def test_sums_by_due_date(self, now: datetime) -> None:
        receive(now, 100, "p1")
        everything = [
            c.DueTotal(DAY, "BILL", 1, 200),
            c.DueTotal(LATER, "BILL", 1, 500),
            c.DueTotal(LATER, "LATE_FEE", 1, 40),
        ]
        assert ledger.open_by_due_date() == everything
        assert ledger.open_by_due_date(before=LATER) == everything[:1]


class TestListAllocations:
    def test_tells_what_changed_an_item(self, debts: dict[str, int], now: datetime) -> None:
        receive(now, 100, "p1", open_item_ids=[debts["bill"]])
        ledger.reverse(
            business_key="p1", new_business_key="r1", accounting_date=LATER, occurred_at=now
        )
        lines = ledger.list_allocations(open_item_ids=[debts["bill"]])
        assert [(line.kind, line.fen, line.accounting_date) for line in lines] == [
            ("PAYMENT", 100, DAY),
            ("PAYMENT", -100, LATER),
        ]
        assert ledger.list_allocations(open_item_ids=[debts["fee"]]) == []


@pytest.mark.usefixtures("tenant")
class TestSums:
    def test_takings_are_net_of_what_was_given_back(self, now: datetime) -> None:
        receive(now, 100, "p1")
        receive(now, 30, "p2", debit=CHART.WECHAT_CLEARING)
        receive(now, 7, "p3", accounting_date=LATER)
        ledger.reverse(
            business_key="p1", new_business_key="r1", accounting_date=DAY, occurred_at=now
        )
        moved = (c.Posting(CHART.BANK, 7), c.Posting(CHART.CASH, -7))
        ledger.post(journal=c.Journal("deposit", "cash.deposited", DAY, now, moved))
        assert ledger.takings(start=DAY, end=LATER) == [
            c.Taking(DAY, CHART.CASH, 0, 0),
            c.Taking(DAY, CHART.WECHAT_CLEARING, 1, 30),
        ]
        assert ledger.takings(start=LATER, end=LATER + timedelta(days=1)) == [
            c.Taking(LATER, CHART.CASH, 1, 7)
        ]

    def test_a_trial_balance_covers_its_half_open_days(self, now: datetime) -> None:
        receive(now, 100, "p1")
        receive(now, 7, "p2", accounting_date=LATER)
        first, second = ({CHART.CASH: fen, CHART.PREPAID: -fen} for fen in (100, 7))
        assert ledger.trial_balance(end=LATER) == first
        assert ledger.trial_balance(start=LATER) == second
        assert ledger.trial_balance(start=DAY, end=LATER) == first
        assert ledger.trial_balance() == {CHART.CASH: 107, CHART.PREPAID: -107}

    def test_journal_lines_are_the_customers_newest_first(self, now: datetime) -> None:
        receive(now, 100, "p1")
        receive(now, 7, "p2")
        lines = ledger.journal_lines(account_id=7)
        assert [line.business_key for line in lines] == ["p2", "p2", "p1", "p1"]
        assert len(ledger.journal_lines(account_id=7, limit=3)) == 3
        assert ledger.journal_lines(account_id=8) == []
        with pytest.raises(c.JournalNotFound):
            ledger.journal_lines(business_key="unknown")


@pytest.mark.usefixtures("tenant")
class TestRefusals:
    @pytest.mark.parametrize("fen", [0, -1])
    def test_a_debt_of_nothing(self, fen: int, now: datetime) -> None:
        with pytest.raises(c.AmountRefused):
            charge(7, fen, reference="b", now=now)
        assert ledger.list_open_items() == []

    def test_a_reversal_of_nothing(self, now: datetime) -> None:
        with pytest.raises(c.JournalNotFound):
            ledger.post(journal=reversing("r1", "unknown", now))

    def test_two_reversals_of_one_journal(self, now: datetime) -> None:
        lines = (c.Posting(CHART.BANK, 5), c.Posting(CHART.CASH, -5))
        ledger.post(journal=c.Journal("k", "transfer.made", DAY, now, lines))
        ledger.post(journal=reversing("r1", "k", now))
        with pytest.raises(c.AlreadyReversed):
            ledger.post(journal=reversing("r2", "k", now))
        assert ledger.verify().journals == 2
