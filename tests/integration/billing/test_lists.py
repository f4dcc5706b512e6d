"""What lists, sums and jobs of billing answer, and what they refuse."""

import os
from datetime import date, datetime, timedelta

import pytest

from metercash.contexts.billing import api as billing
from metercash.contexts.billing import execution, helper, jobs
from metercash.contexts.billing.contracts import BillFilter, WorkerLost
from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.kernel.interval import Interval
from tests.integration.billing.conftest import HOMES, PERIOD
from tests.integration.billing.test_runs import BILL_FEN, DUE, make_run
from tests.support import homes


def die(*_: object) -> None:
    """End a run's further process as the system would, out of memory."""
    os._exit(9)


@pytest.fixture
def billed(estate: list[int], now: datetime) -> list[int]:
    """The estate billed: the first home paid, the second paid in part, the third reversed."""
    jobs.execute_run(run_id=make_run(now).run_id, now=now)
    for account_id, fen in zip(estate, (BILL_FEN, 100), strict=False):
        ledger.receive(
            account_id=account_id,
            fen=fen,
            business_key=f"pay:{account_id}",
            debit=ChartAccount.CASH,
            accounting_date=now.date(),
            occurred_at=now,
        )
    bill_id = billing.list_bills(account_id=estate[2]).items[0].bill_id
    billing.reverse_bill(bill_id=bill_id, reason="空置", now=now, by=1)
    return estate


class TestListBills:
    @pytest.mark.parametrize(
        ("status", "bills", "paid_fen"),
        [
            ("PAID", 1, BILL_FEN),
            ("PART_PAID", 1, 100),
            ("UNPAID", HOMES - 2, 100),
            ("REVERSED", 1, 0),
            ("OVERDUE", HOMES - 2, 100),
            (None, HOMES, BILL_FEN + 100),
        ],
    )
    def test_agrees_with_the_sums(
        self, billed: list[int], status: str | None, bills: int, paid_fen: int
    ) -> None:
        day = DUE + timedelta(days=1)
        rows = billing.list_bills(status=status, as_of=day).items
        sums = billing.bill_totals(status=status, as_of=day)
        assert len(rows) == sums.bills == bills
        assert sum(row.paid_fen for row in rows) == sums.paid_fen == paid_fen
        assert sum(row.open_fen for row in rows) == sums.open_fen

    def test_tells_how_far_each_is_settled(self, billed: list[int]) -> None:
        states = {row.account_id: row.payment_state for row in billing.list_bills().items}
        assert [states[account_id] for account_id in billed[:4]] == [
            BillFilter.PAID,
            BillFilter.PART_PAID,
            BillFilter.REVERSED,
            BillFilter.UNPAID,
        ]

    def test_pages_and_filters(self, billed: list[int]) -> None:
        [community] = customers.list_communities()
        first = billing.list_bills(community_id=community.id, per_page=5)
        third = billing.list_bills(sort="account_no", per_page=5, page=3)
        assert (first.total, len(first.items), len(third.items)) == (HOMES, 5, HOMES - 10)
        [run] = billing.list_runs().items
        assert len(billing.list_bills(run_id=run.run_id).items) == HOMES
        assert billing.list_bills(run_id=run.run_id + 1).items == []
        assert billing.list_bills(community_id=community.id + 1).items == []

    def test_refuses_an_unknown_state(self, tenant: int) -> None:
        with pytest.raises(InvalidInput):
            billing.list_bills(status="LOST")


class TestTotalsByCommunity:
    def test_leave_reversed_bills_out(self, billed: list[int]) -> None:
        [on_time] = billing.totals_by_community(as_of=DUE)
        standing, owing = HOMES - 1, (HOMES - 2) * BILL_FEN - 100
        assert (on_time.bills, on_time.total_fen) == (standing, standing * BILL_FEN)
        assert (on_time.open_fen, on_time.overdue_bills, on_time.overdue_fen) == (owing, 0, 0)
        [late] = billing.totals_by_community(as_of=DUE + timedelta(days=1))
        assert (late.overdue_bills, late.overdue_fen) == (HOMES - 2, owing)


class TestWhatIsNotThere:
    def test_is_not_found(self, tenant: int, now: datetime) -> None:
        for ask in (
            lambda: billing.get_run(run_id=0),
            lambda: billing.get_bill(bill_id=0),
            lambda: billing.comparison(bill_id=0),
            lambda: billing.bill_pdf(bill_id=0),
            lambda: billing.cancel_run(run_id=0),
            lambda: billing.execute_run(run_id=0, now=now),
            lambda: billing.reverse_bill(bill_id=0, reason="错", now=now, by=1),
        ):
            with pytest.raises(NotFound):
                ask()
        with pytest.raises(InvalidInput):
            billing.bills_pdf(bill_ids=[])


class TestListExceptions:
    def test_filters_by_reason_and_run(self, estate: list[int], now: datetime) -> None:
        first, second = make_run(now), make_run(now)
        billing.execute_run(run_id=first.run_id, now=now)
        billing.execute_run(run_id=second.run_id, now=now)
        assert billing.list_exceptions(reason="DUPLICATE", per_page=5).total == HOMES
        assert billing.list_exceptions(reason="ZERO").items == []
        assert billing.list_exceptions(run_id=first.run_id).items == []


class TestRun:
    def test_tells_its_progress(self, estate: list[int], now: datetime) -> None:
        run = make_run(now)
        assert (run.percent, run.status) == (0, "DRAFT")
        seen: list[int] = []

        def note(_: object) -> None:
            seen.append(billing.get_run(run_id=run.run_id).percent)

        done = billing.execute_run(run_id=run.run_id, now=now, on_progress=note)
        assert seen == [33, 66, 100, 100]
        assert done.percent == 100

    @pytest.mark.timeout(120)
    def test_says_that_a_process_was_lost_and_goes_on(
        self, estate: list[int], now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = make_run(now)
        with monkeypatch.context() as patch:
            patch.setattr(helper, "work_in_process", die)
            with pytest.raises(WorkerLost):
                execution.execute(run_id=run.run_id, now=now, on_progress=None, workers=2)
        left = billing.get_run(run_id=run.run_id)
        assert left.status == "FAILED"
        assert left.failure.startswith("WorkerLost")
        done = billing.execute_run(run_id=run.run_id, now=now)
        assert (done.status, done.counts.posted) == ("DONE", HOMES)

    def test_without_accounts_is_done(self, tenant: int, now: datetime) -> None:
        run = make_run(now)
        assert (run.accounts, run.chunks, run.percent) == (0, 0, 0)
        assert billing.execute_run(run_id=run.run_id, now=now).status == "DONE"


class TestFunds:
    def test_are_owed_to_others_and_no_revenue(self, tenant: int, now: datetime) -> None:
        plan = "beijing-power-residential"
        fund = "  - {kind: surcharge, price: 0.01, unit: kWh, clause: 第二条}\n"
        homes.publish(now, homes.text_of("beijing", plan).rstrip() + "\n" + fund)
        home = homes.home(1, "POWER", plan, now, unit="kWh")
        home.read(date(2026, 1, 1), 0, now)
        home.read(date(2026, 2, 1), 310_000, now)
        # 310 × 0.4883 = 151.373 → 151.37; fund 310 × 0.01 = 3.10.
        bill = home.billed(Interval(date(2026, 1, 1), date(2026, 2, 1)), now)
        assert bill.total_fen == 15_137 + 310
        balance = ledger.trial_balance()
        assert balance[ChartAccount.FUND_PAYABLE] == -310
        assert balance[ChartAccount.REVENUE_POWER] == -15_137


class TestPreview:
    def test_names_no_bill_and_stores_none(self, estate: list[int], now: datetime) -> None:
        [shown] = billing.preview(account_id=estate[0], period=PERIOD, now=now)
        assert (shown.bill_id, shown.bill_no, shown.due_date) == (None, "", None)
        assert billing.bill_totals().bills == 0
