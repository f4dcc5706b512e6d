"""What giving money back does, by worked examples; amounts in fen."""

from datetime import date

import pytest

from metercash.contexts.ledger import contracts as c
from metercash.contexts.ledger.core import unwinding


CHART = c.ChartAccount
PAYMENT, WAIVER = c.AllocationKind.PAYMENT, c.AllocationKind.WAIVER
DAY = date(2026, 1, 20)
CUSTOMER = 7
BILL, FEE = 1, 2


def debt(*, open_fen: int, kind: str = c.ItemKind.BILL) -> c.OpenItem:
    """An item of 300 fen of which some is still open."""
    return c.OpenItem(BILL, CUSTOMER, kind, "r1", "", DAY, 300, open_fen, DAY)


def applied(item_id: int, fen: int, kind: str = PAYMENT) -> unwinding.Applied:
    return unwinding.Applied(item_id, 50, kind, fen)


class TestCancel:
    def test_closes_an_untouched_debt_without_postings(self) -> None:
        assert unwinding.cancel(debt(open_fen=300), []) == unwinding.Cancellation((), (), 300)

    def test_returns_payments_to_the_balance_and_takes_waivers_back(self) -> None:
        standing = [applied(BILL, 100), applied(BILL, 60, WAIVER), applied(BILL, 40)]
        plan = unwinding.cancel(debt(open_fen=100), standing)
        assert plan.postings == (
            c.Posting(CHART.RECEIVABLE, 200, CUSTOMER),
            c.Posting(CHART.PREPAID, -140, CUSTOMER),
            c.Posting(CHART.DISCOUNT, -60, CUSTOMER),
        )
        assert plan.undone == tuple(standing)
        assert plan.closing_fen == 300

    def test_a_late_fee_stands_on_its_own_accounts(self) -> None:
        fee = debt(open_fen=0, kind=c.ItemKind.LATE_FEE)
        plan = unwinding.cancel(fee, [applied(BILL, 100), applied(BILL, 200, WAIVER)])
        assert plan.postings == (
            c.Posting(CHART.LATE_FEE_RECEIVABLE, 300, CUSTOMER),
            c.Posting(CHART.PREPAID, -100, CUSTOMER),
            c.Posting(CHART.LATE_FEE_WAIVED, -200, CUSTOMER),
        )
        assert plan.closing_fen == 300


class TestWaive:
    @pytest.mark.parametrize("fen", [1, 120])
    def test_forgives_up_to_what_is_open(self, fen: int) -> None:
        assert unwinding.waive(debt(open_fen=120), fen) == (
            c.Posting(CHART.DISCOUNT, fen, CUSTOMER),
            c.Posting(CHART.RECEIVABLE, -fen, CUSTOMER),
        )

    def test_a_late_fee_is_waived_to_its_own_expense(self) -> None:
        assert unwinding.waive(debt(open_fen=300, kind=c.ItemKind.LATE_FEE), 300) == (
            c.Posting(CHART.LATE_FEE_WAIVED, 300, CUSTOMER),
            c.Posting(CHART.LATE_FEE_RECEIVABLE, -300, CUSTOMER),
        )

    @pytest.mark.parametrize("fen", [-1, 0, 121])
    def test_refuses_the_rest(self, fen: int) -> None:
        with pytest.raises(c.AmountRefused) as refused:
            unwinding.waive(debt(open_fen=120), fen)
        assert refused.value.data == {"fen": fen, "limit_fen": 120}


class TestReverse:
    POSTINGS = (
        c.Posting(CHART.CASH, 400, CUSTOMER),
        c.Posting(CHART.PREPAID, -400, CUSTOMER),
        c.Posting(CHART.PREPAID, 350, CUSTOMER),
        c.Posting(CHART.RECEIVABLE, -300, CUSTOMER),
        c.Posting(CHART.LATE_FEE_RECEIVABLE, -50, CUSTOMER),
    )
    APPLIED = (applied(BILL, 300), applied(FEE, 50))
    KINDS = {BILL: "BILL", FEE: "LATE_FEE"}

    def undo(self, *standing: unwinding.Applied) -> tuple[dict[CHART, int], unwinding.Reversal]:
        plan = unwinding.reverse(
            self.POSTINGS,
            applied=self.APPLIED,
            standing=standing,
            kinds=self.KINDS,
            account_id=CUSTOMER,
        )
        sums: dict[CHART, int] = {}
        for posting in plan.postings:
            sums[posting.account] = sums.get(posting.account, 0) + posting.fen
        return sums, plan

    def test_reopens_everything_that_stands(self) -> None:
        sums, plan = self.undo(*self.APPLIED)
        assert plan.undone == self.APPLIED
        assert sums == {
            CHART.CASH: -400,
            CHART.PREPAID: 50,
            CHART.RECEIVABLE: 300,
            CHART.LATE_FEE_RECEIVABLE: 50,
        }

    def test_takes_from_the_balance_what_no_longer_stands(self) -> None:
        sums, plan = self.undo(applied(FEE, 50))
        assert plan.undone == (applied(FEE, 50),)
        assert sums == {
            CHART.CASH: -400,
            CHART.PREPAID: 350,
            CHART.RECEIVABLE: 0,
            CHART.LATE_FEE_RECEIVABLE: 50,
        }

    def test_undoes_a_journal_that_paid_nothing(self) -> None:
        bill = (c.Posting(CHART.RECEIVABLE, 9, CUSTOMER), c.Posting(CHART.REVENUE_HEAT, -9))
        plan = unwinding.reverse(bill, applied=(), standing=(), kinds={}, account_id=None)
        assert plan == unwinding.Reversal(
            (c.Posting(CHART.RECEIVABLE, -9, CUSTOMER), c.Posting(CHART.REVENUE_HEAT, 9)), ()
        )
