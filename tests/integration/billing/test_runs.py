from datetime import date, datetime, timedelta

import pytest

from metercash.contexts.billing import api
from metercash.contexts.billing.contracts import (
    BillNotReplaceable,
    BillNotReversible,
    Progress,
    RunNotExecutable,
    RunSummary,
)
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount
from metercash.kernel.errors import InvalidInput
from tests.integration.billing.conftest import HOMES, PERIOD


BILL_FEN = 345838  # 38.32 × 90.25 = 3458.38
DUE = date(2026, 2, 28)


def make_run(now: datetime, **changes: object) -> RunSummary:
    arguments = {"period": PERIOD, "commodity": "HEAT", "due_date": DUE, "now": now}
    return api.create_run(**{**arguments, "accounts_per_chunk": 5, **changes})  # type: ignore[arg-type]


class TestExecuteRun:
    def test_bills_every_account_once_and_posts_it(self, estate: list[int], now: datetime) -> None:
        seen: list[Progress] = []
        run = make_run(now)
        done = api.execute_run(run_id=run.run_id, now=now, on_progress=seen.append)
        assert done.status == "DONE"
        assert (done.counts.selected, done.counts.rated, done.counts.excepted) == (HOMES, HOMES, 0)
        assert (done.counts.billed, done.counts.posted) == (HOMES, HOMES)
        assert done.total_fen == HOMES * BILL_FEN
        assert seen[-1].done == seen[-1].total == HOMES
        balance = ledger.trial_balance()
        assert balance[ChartAccount.RECEIVABLE] == HOMES * BILL_FEN
        assert balance[ChartAccount.REVENUE_HEAT] == -HOMES * BILL_FEN
        assert ledger.verify().ok

    def test_refuses_a_finished_run(self, estate: list[int], now: datetime) -> None:
        run = make_run(now)
        api.execute_run(run_id=run.run_id, now=now)
        with pytest.raises(RunNotExecutable):
            api.execute_run(run_id=run.run_id, now=now)

    def test_leaves_out_what_is_billed(self, estate: list[int], now: datetime) -> None:
        api.execute_run(run_id=make_run(now).run_id, now=now)
        again = make_run(now)
        assert (again.accounts, again.already_billed) == (0, HOMES)
        assert api.execute_run(run_id=again.run_id, now=now).counts.posted == 0
        assert api.bill_totals().bills == HOMES

    def test_holds_back_what_another_run_billed_meanwhile(
        self, estate: list[int], now: datetime
    ) -> None:
        first, second = make_run(now), make_run(now)
        api.execute_run(run_id=first.run_id, now=now)
        done = api.execute_run(run_id=second.run_id, now=now)
        assert (done.counts.posted, done.counts.excepted) == (0, HOMES)
        queue = api.list_exceptions(run_id=second.run_id)
        assert {row.reason for row in queue.items} == {"DUPLICATE"}
        assert api.bill_totals().total_fen == HOMES * BILL_FEN

    @pytest.mark.parametrize("boundary", [1, 2, 3])
    def test_goes_on_after_a_failure(self, estate: list[int], now: datetime, boundary: int) -> None:
        run = make_run(now)

        def stop(progress: Progress) -> None:
            if progress.chunks_done == boundary:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            api.execute_run(run_id=run.run_id, now=now, on_progress=stop)
        failed = api.get_run(run_id=run.run_id)
        assert (failed.status, failed.chunks_done) == ("FAILED", boundary)
        done = api.execute_run(run_id=run.run_id, now=now)
        assert (done.status, done.counts.posted) == ("DONE", HOMES)
        assert api.bill_totals().total_fen == HOMES * BILL_FEN

    def test_undoes_a_chunk_that_fails_half_way(
        self, estate: list[int], now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = make_run(now)

        def refuse(**_: object) -> int:
            raise InterruptedError

        with monkeypatch.context() as patch:
            patch.setattr(ledger, "charge", refuse)
            with pytest.raises(InterruptedError):
                api.execute_run(run_id=run.run_id, now=now)
        assert api.bill_totals().bills == 0
        assert ledger.verify().journals == 0
        assert api.execute_run(run_id=run.run_id, now=now).counts.posted == HOMES


class TestPreview:
    def test_equals_the_bill(self, estate: list[int], now: datetime) -> None:
        [shown] = api.preview(account_id=estate[3], period=PERIOD, now=now)
        api.execute_run(run_id=make_run(now).run_id, now=now)
        row = api.list_bills(account_id=estate[3]).items[0]
        bill = api.get_bill(bill_id=row.bill_id)
        assert bill.lines == shown.lines
        assert bill.total_fen == shown.total_fen == BILL_FEN
        assert (bill.determinants, bill.citations) == (shown.determinants, shown.citations)
        assert "38.32 × 90.25" in bill.lines[0].sentence


class TestReverseBill:
    def test_returns_money_to_the_balance_and_rebills(
        self, estate: list[int], now: datetime
    ) -> None:
        api.execute_run(run_id=make_run(now).run_id, now=now)
        account = estate[0]
        ledger.receive(
            account_id=account,
            fen=100_000,
            business_key="pay-1",
            debit=ChartAccount.CASH,
            accounting_date=now.date(),
            occurred_at=now,
        )
        assert api.refresh_open(account_ids=[account]) == 0, "the event has told billing already"
        old = api.list_bills(account_id=account).items[0]
        assert old.open_fen == BILL_FEN - 100_000
        gone = api.reverse_bill(bill_id=old.bill_id, reason="面积有误", now=now, by=1)
        assert (gone.status, gone.open_fen) == ("REVERSED", 0)
        assert ledger.balances(account_ids=[account])[account] == 100_000
        with pytest.raises(BillNotReversible):
            api.reverse_bill(bill_id=old.bill_id, reason="面积有误", now=now, by=1)
        new = api.get_bill(bill_id=api.rebill(bill_id=old.bill_id, now=now, by=1))
        assert (new.generation, new.replaces_bill_id) == (2, old.bill_id)
        with pytest.raises(BillNotReplaceable):
            api.rebill(bill_id=old.bill_id, now=now, by=1)
        assert ledger.verify().ok
        assert ledger.trial_balance()[ChartAccount.REVENUE_HEAT] == -HOMES * BILL_FEN


class TestListBills:
    def test_filters_by_state(self, estate: list[int], now: datetime) -> None:
        api.execute_run(run_id=make_run(now).run_id, now=now)
        late = DUE + timedelta(days=1)
        assert len(api.list_bills(status="OVERDUE", as_of=DUE).items) == 0
        assert len(api.list_bills(status="OVERDUE", as_of=late).items) == HOMES
        assert len(api.list_bills(status="PAID").items) == 0
        assert len(api.list_bills(min_open_fen=BILL_FEN).items) == HOMES
        assert len(api.list_bills(text="10000003").items) == 1
        with pytest.raises(InvalidInput):
            api.list_bills(status="OVERDUE")
        with pytest.raises(InvalidInput):
            api.list_bills(sort="colour")


class TestComparison:
    def test_compares_with_five_homes_or_more(self, estate: list[int], now: datetime) -> None:
        api.execute_run(run_id=make_run(now).run_id, now=now)
        bill = api.list_bills().items[0]
        compared = api.comparison(bill_id=bill.bill_id)
        assert compared.similar_homes_count == HOMES - 1
        assert compared.similar_homes_average_fen == BILL_FEN
        assert [bar.total_fen for bar in compared.own_history] == [BILL_FEN]


class TestBillsPdf:
    def test_prints_two_bills(self, estate: list[int], now: datetime) -> None:
        api.execute_run(run_id=make_run(now).run_id, now=now)
        ids = [row.bill_id for row in api.list_bills().items[:2]]
        assert api.bills_pdf(bill_ids=ids).startswith(b"%PDF")
