"""Which debts money pays, by worked examples; amounts in fen."""

from datetime import date

import pytest

from metercash.contexts.ledger import contracts as c
from metercash.contexts.ledger.core import allocation


CHART = c.ChartAccount
DAY = date(2026, 1, 20)
CUSTOMER = 7
PRINCIPAL, LATE_FEE = c.AllocationOrder.PRINCIPAL_FIRST, c.AllocationOrder.LATE_FEE_FIRST


def debt(
    number: int, fen: int, *, day: int = 1, kind: str = c.ItemKind.BILL, original: int = 0
) -> c.OpenItem:
    """An open item of the customer, due on a day of January."""
    due = date(2026, 1, day)
    return c.OpenItem(number, CUSTOMER, kind, f"r{number}", "", due, original or fen, fen, DAY)


def parts(applied: tuple[tuple[c.OpenItem, int], ...]) -> list[tuple[int, int]]:
    return [(item.open_item_id, fen) for item, fen in applied]


class TestAllocate:
    def test_pays_the_oldest_due_first(self) -> None:
        items = [debt(1, 300, day=9), debt(2, 200, day=3), debt(3, 100, day=6)]
        applied = allocation.allocate(350, items, order=PRINCIPAL)
        assert parts(applied) == [(2, 200), (3, 100), (1, 50)]

    def test_pays_the_older_item_first_on_the_same_day(self) -> None:
        items = [debt(5, 100), debt(4, 100)]
        assert parts(allocation.allocate(150, items, order=PRINCIPAL)) == [(4, 100), (5, 50)]

    @pytest.mark.parametrize(("order", "first"), [(PRINCIPAL, 2), (LATE_FEE, 1)])
    def test_prefers_the_kind_over_the_day(self, order: c.AllocationOrder, first: int) -> None:
        items = [debt(1, 100, day=5, kind=c.ItemKind.LATE_FEE), debt(2, 100, day=5)]
        older = debt(3, 100, day=1, kind=c.ItemKind.LATE_FEE)
        assert parts(allocation.allocate(60, items, order=order)) == [(first, 60)]
        assert parts(allocation.allocate(110, [*items, older], order=PRINCIPAL)) == [
            (2, 100),
            (3, 10),
        ]

    def test_leaves_out_what_gets_nothing(self) -> None:
        items = [debt(1, 0, original=100), debt(2, 100), debt(3, 100, day=2)]
        assert parts(allocation.allocate(100, items, order=PRINCIPAL)) == [(2, 100)]
        assert allocation.allocate(0, items, order=PRINCIPAL) == ()
        assert allocation.allocate(100, [], order=PRINCIPAL) == ()

    def test_refuses_a_negative_amount(self) -> None:
        with pytest.raises(c.AmountRefused) as refused:
            allocation.allocate(-1, [debt(1, 300), debt(2, 200)], order=PRINCIPAL)
        assert refused.value.data == {"fen": -1, "limit_fen": 500}


class TestReceive:
    def plan(self, fen: int, *items: c.OpenItem) -> allocation.Plan:
        return allocation.receive(
            account_id=CUSTOMER, fen=fen, debit=CHART.BANK, items=items, order=PRINCIPAL
        )

    def test_goes_through_the_balance(self) -> None:
        plan = self.plan(500, debt(1, 300), debt(2, 50, kind=c.ItemKind.LATE_FEE))
        assert plan.postings == (
            c.Posting(CHART.BANK, 500, CUSTOMER),
            c.Posting(CHART.PREPAID, -500, CUSTOMER),
            c.Posting(CHART.PREPAID, 350, CUSTOMER),
            c.Posting(CHART.RECEIVABLE, -300, CUSTOMER),
            c.Posting(CHART.LATE_FEE_RECEIVABLE, -50, CUSTOMER),
        )
        assert parts(plan.allocations) == [(1, 300), (2, 50)]
        assert plan.to_balance_fen == 150

    def test_keeps_everything_where_nothing_is_owed(self) -> None:
        plan = self.plan(500)
        assert plan.postings == (
            c.Posting(CHART.BANK, 500, CUSTOMER),
            c.Posting(CHART.PREPAID, -500, CUSTOMER),
        )
        assert plan.allocations == ()
        assert plan.to_balance_fen == 500

    def test_posts_one_line_for_debts_of_a_kind(self) -> None:
        plan = self.plan(500, debt(1, 300), debt(2, 200))
        assert plan.postings[3:] == (c.Posting(CHART.RECEIVABLE, -500, CUSTOMER),)
        assert plan.to_balance_fen == 0

    @pytest.mark.parametrize("fen", [0, -1])
    def test_refuses_what_is_not_above_zero(self, fen: int) -> None:
        with pytest.raises(c.AmountRefused) as refused:
            self.plan(fen, debt(1, 300))
        assert refused.value.data == {"fen": fen, "limit_fen": 300}


class TestUseBalance:
    def plan(self, *items: c.OpenItem, balance: int, fen: int | None = None) -> allocation.Plan:
        return allocation.use_balance(
            account_id=CUSTOMER, balance_fen=balance, items=items, order=PRINCIPAL, fen=fen
        )

    def test_takes_as_much_as_balance_and_debts_allow(self) -> None:
        by_debt = self.plan(debt(1, 300), balance=1_000)
        assert by_debt.postings == (
            c.Posting(CHART.PREPAID, 300, CUSTOMER),
            c.Posting(CHART.RECEIVABLE, -300, CUSTOMER),
        )
        assert by_debt.to_balance_fen == -300
        assert parts(self.plan(debt(1, 300), balance=120).allocations) == [(1, 120)]

    def test_takes_exactly_what_was_asked(self) -> None:
        assert parts(self.plan(debt(1, 300), balance=300, fen=1).allocations) == [(1, 1)]
        assert parts(self.plan(debt(1, 300), balance=300, fen=300).allocations) == [(1, 300)]

    def test_moves_nothing_without_debt_or_balance(self) -> None:
        assert self.plan(balance=100) == allocation.Plan((), (), 0)
        assert self.plan(debt(1, 300), balance=0) == allocation.Plan((), (), 0)

    @pytest.mark.parametrize(
        ("balance", "fen"), [(300, 0), (300, -1), (300, 201), (150, 151), (0, 1)]
    )
    def test_refuses_more_than_there_is_and_less_than_one(self, balance: int, fen: int) -> None:
        with pytest.raises(c.AmountRefused) as refused:
            self.plan(debt(1, 200), balance=balance, fen=fen)
        assert refused.value.data == {"fen": fen, "limit_fen": min(balance, 200)}
