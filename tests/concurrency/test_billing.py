"""Runs, decisions and corrections that meet: each account is billed once, every fen stays in its place."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import TypeVar

import pytest
from django.db import IntegrityError, connection

from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import (
    BillNotReplaceable,
    BillNotReversible,
    ExceptionDecided,
    NotPostable,
    RunNotExecutable,
    RunSummary,
)
from metercash.contexts.billing.core.draft import Draft
from metercash.contexts.billing.operations import writing
from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount
from metercash.contexts.payments import api as payments
from metercash.contexts.payments.contracts import Tender
from metercash.kernel.errors import MetercashError
from metercash.kernel.interval import Interval
from metercash.platform import tenancy
from tests.support import homes
from tests.support.customers import as_csv, row


HOMES = 24
CHUNK = 4
SEASON = Interval(date(2025, 10, 20), date(2026, 4, 21))
DUE = date(2026, 4, 30)
PLAN = "harbin-heat-residential"
BILL_FEN = 345_838  # 38.32 × 90.25 = 3458.38

T = TypeVar("T")


def together(tenant: int, calls: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run the calls at the same moment, each in its own thread; a refusal is an answer."""
    ready = threading.Barrier(len(calls))

    def one(call: Callable[[], T]) -> T | Exception:
        try:
            with tenancy.bind(tenant):
                ready.wait(timeout=30)
                return call()
        except (MetercashError, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.fixture
def estate(tenant: int, now: datetime) -> list[int]:
    """Homes billed by area under Harbin's price; their account ids."""
    homes.publish(now, homes.text_of("harbin", PLAN))
    rows = [row(number, 价格方案=PLAN, 起始日期="2025-10-20") for number in range(1, HOMES + 1)]
    report = customers.import_file(content=as_csv(rows), filename="a.csv", dry_run=False, now=now)
    assert report.created == HOMES
    return customers.account_ids(commodity="HEAT", period=SEASON)


def make_run(now: datetime, account_ids: Sequence[int] | None = None) -> RunSummary:
    return billing.create_run(
        period=SEASON,
        commodity="HEAT",
        account_ids=account_ids,
        due_date=DUE,
        now=now,
        accounts_per_chunk=CHUNK,
    )


def assert_each_billed_once(account_ids: Sequence[int]) -> None:
    """One standing bill, one open item and one journal for each account, nothing else."""
    rows = billing.list_bills(per_page=200).items
    standing = Counter(row.account_id for row in rows if row.status == "POSTED")
    assert standing == Counter(account_ids)
    items = ledger.list_open_items(account_ids=account_ids, include_settled=True)
    assert sum(item.original_fen for item in items) == len(account_ids) * BILL_FEN
    assert ledger.trial_balance()[ChartAccount.REVENUE_HEAT] == -len(account_ids) * BILL_FEN
    assert ledger.verify().ok


class TestOneRun:
    @pytest.mark.timeout(120)
    def test_in_two_processes_bills_each_account_once(
        self, tenant: int, estate: list[int], now: datetime
    ) -> None:
        run = make_run(now)
        done = billing.execute_run(run_id=run.run_id, now=now, workers=2)
        assert (done.status, done.counts.selected, done.counts.posted) == ("DONE", HOMES, HOMES)
        assert done.chunks_done == done.chunks == HOMES // CHUNK
        assert_each_billed_once(estate)

    def test_executed_by_three_at_once_bills_each_account_once(
        self, tenant: int, estate: list[int], now: datetime
    ) -> None:
        run = make_run(now)
        answers = together(
            tenant, [lambda: billing.execute_run(run_id=run.run_id, now=now) for _ in range(3)]
        )
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert all(isinstance(answer, RunNotExecutable) for answer in refused), refused
        done = billing.get_run(run_id=run.run_id)
        assert (done.status, done.counts.selected, done.counts.posted) == ("DONE", HOMES, HOMES)
        assert done.failure == ""
        assert_each_billed_once(estate)

    def test_cancelled_meanwhile_keeps_whole_chunks(
        self, tenant: int, estate: list[int], now: datetime
    ) -> None:
        run = make_run(now)
        together(
            tenant,
            [
                lambda: billing.execute_run(run_id=run.run_id, now=now),
                lambda: billing.cancel_run(run_id=run.run_id),
            ],
        )
        left = billing.get_run(run_id=run.run_id)
        assert left.counts.posted == left.chunks_done * CHUNK == billing.bill_totals().bills
        assert ledger.verify().journals == left.counts.posted


class TestTwoRuns:
    def test_that_overlap_bill_each_account_once(
        self, tenant: int, estate: list[int], now: datetime
    ) -> None:
        runs = [make_run(now, estate[:16]), make_run(now, estate[8:])]
        together(
            tenant,
            [partial(billing.execute_run, run_id=run.run_id, now=now) for run in runs],
        )
        # Whoever came second to an account held it back, or lost the race and is executed again.
        for run in runs:
            if billing.get_run(run_id=run.run_id).status != "DONE":
                billing.execute_run(run_id=run.run_id, now=now)
        done = [billing.get_run(run_id=run.run_id) for run in runs]
        assert [one.counts.selected for one in done] == [16, 16]
        assert sum(one.counts.posted for one in done) == HOMES
        assert sum(one.counts.excepted for one in done) == 8
        assert_each_billed_once(estate)

    def test_whose_periods_overlap_bill_a_day_once(
        self, tenant: int, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        homes.publish(now, homes.text_of("beijing", "beijing-power-residential"))
        home = homes.home(99, "POWER", "beijing-power-residential", now, unit="kWh")
        home.read(date(2026, 1, 1), 0, now)
        home.read(date(2026, 3, 1), 590_000, now)
        met = threading.Barrier(2)
        write = writing.write_bills

        def write_together(drafts: Sequence[Draft], issue: writing.Issue) -> writing.Written:
            with suppress(threading.BrokenBarrierError):
                met.wait(timeout=3)
            return write(drafts, issue)

        monkeypatch.setattr(writing, "write_bills", write_together)
        periods = [
            Interval(date(2026, 1, 1), date(2026, 2, 1)),
            Interval(date(2026, 1, 15), date(2026, 2, 15)),
        ]
        together(tenant, [partial(home.run, period, now) for period in periods])
        assert len(home.bills()) == 1


class TestRunAndCounter:
    def test_money_taken_meanwhile_is_all_there(
        self, tenant: int, estate: list[int], now: datetime
    ) -> None:
        shift_id = payments.open_shift(user_id=1, now=now).shift_id
        first = make_run(now, estate[:CHUNK])
        billing.execute_run(run_id=first.run_id, now=now)
        run = make_run(now)

        def pay(number: int) -> int:
            taken = payments.take_payment(
                shift_id=shift_id,
                account_id=estate[number],
                tenders=[Tender("CASH", 1_000)],
                idempotency_key=f"k{number}",
                now=now,
            )
            return taken.total_fen

        undone = billing.list_bills(account_id=estate[0]).items[0].bill_id
        calls: list[Callable[[], object]] = [
            lambda: billing.execute_run(run_id=run.run_id, now=now),
            lambda: billing.reverse_bill(bill_id=undone, reason="面积有误", now=now, by=1),
            *(partial(pay, number) for number in range(0, HOMES, 3)),
        ]
        answers = together(tenant, calls)
        assert [answer for answer in answers if isinstance(answer, Exception)] == []

        paying = estate[::3]
        standing = estate[1:]
        # Each payment went to a bill that was there, or waits on the balance; none went elsewhere.
        items = ledger.list_open_items(account_ids=estate)
        owed = sum(item.open_fen for item in items)
        saved = sum(ledger.balances(account_ids=estate).values())
        assert len(standing) * BILL_FEN - owed + saved == len(paying) * 1_000
        assert ledger.balances(account_ids=estate)[estate[0]] == 1_000
        assert billing.list_bills(account_id=estate[0]).items[0].status == "REVERSED"
        # What bills show is what the ledger says.
        by_reference = {item.reference: item.open_fen for item in items}
        shown = {f"bill:{r.bill_id}": r.open_fen for r in billing.list_bills(per_page=200).items}
        assert {key: fen for key, fen in shown.items() if fen} == by_reference
        assert ledger.trial_balance()[ChartAccount.CASH] == len(paying) * 1_000
        assert ledger.verify().ok


class TestReverseAndRebill:
    def test_two_at_once_reverse_once_and_rebill_once(
        self, tenant: int, estate: list[int], now: datetime
    ) -> None:
        billing.execute_run(run_id=make_run(now).run_id, now=now)
        bill_id = billing.list_bills(account_id=estate[0]).items[0].bill_id
        reversals = together(
            tenant,
            [
                lambda: billing.reverse_bill(bill_id=bill_id, reason="面积有误", now=now, by=1)
                for _ in range(4)
            ],
        )
        assert sum(isinstance(one, BillNotReversible) for one in reversals) == 3
        rebills = together(
            tenant, [lambda: billing.rebill(bill_id=bill_id, now=now, by=1) for _ in range(4)]
        )
        assert sum(isinstance(one, int) for one in rebills) == 1, rebills
        assert sum(isinstance(one, BillNotReplaceable) for one in rebills) == 3, rebills
        assert_each_standing_once(estate)

    def test_a_run_meanwhile_bills_instead_or_not_at_all(
        self, tenant: int, estate: list[int], now: datetime
    ) -> None:
        billing.execute_run(run_id=make_run(now).run_id, now=now)
        bill_id = billing.list_bills(account_id=estate[0]).items[0].bill_id
        billing.reverse_bill(bill_id=bill_id, reason="面积有误", now=now, by=1)
        run = make_run(now)
        assert run.accounts == 1
        calls: list[Callable[[], object]] = [
            lambda: billing.rebill(bill_id=bill_id, now=now, by=1),
            lambda: billing.execute_run(run_id=run.run_id, now=now),
        ]
        rebilled, executed = together(tenant, calls)
        assert isinstance(executed, RunSummary), executed
        assert isinstance(rebilled, int | BillNotReplaceable), rebilled
        assert executed.counts.posted == (0 if isinstance(rebilled, int) else 1)
        assert_each_standing_once(estate)

    def test_a_payment_meanwhile_is_not_lost(
        self, tenant: int, estate: list[int], now: datetime
    ) -> None:
        billing.execute_run(run_id=make_run(now, estate[:1]).run_id, now=now)
        bill_id = billing.list_bills(account_id=estate[0]).items[0].bill_id
        shifts = [payments.open_shift(user_id=n, now=now).shift_id for n in range(6)]

        def pay(shift_id: int) -> object:
            return payments.take_payment(
                shift_id=shift_id,
                account_id=estate[0],
                tenders=[Tender("CASH", 1_000)],
                idempotency_key=f"k{shift_id}",
                now=now,
            )

        calls: list[Callable[[], object]] = [partial(pay, shift) for shift in shifts]
        calls.insert(
            3, lambda: billing.reverse_bill(bill_id=bill_id, reason="面积有误", now=now, by=1)
        )
        answers = together(tenant, calls)
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        assert ledger.list_open_items(account_ids=estate[:1]) == []
        assert ledger.balances(account_ids=estate[:1])[estate[0]] == 6_000
        assert ledger.trial_balance().get(ChartAccount.RECEIVABLE, 0) == 0
        assert ledger.verify().ok


class TestDecideException:
    def test_by_two_at_once_is_one_decision(self, tenant: int, now: datetime) -> None:
        home = self.unread(now)
        january = Interval(date(2026, 1, 1), date(2026, 2, 1))
        [row] = billing.list_exceptions(run_id=home.run(january, now).run_id).items

        def decide(by: int) -> object:
            return billing.decide_exception(
                exception_id=row.exception_id, approve=by % 2 == 0, note="核实", by=by, now=now
            )

        answers = together(tenant, [partial(decide, by) for by in range(6)])
        assert sum(isinstance(one, ExceptionDecided) for one in answers) == 5, answers
        [kept] = billing.list_exceptions(status=None, run_id=row.run_id).items
        bills = home.bills()
        assert len(bills) == (1 if kept.status == "APPROVED" else 0)
        assert kept.bill_id == (bills[0].bill_id if bills else None)
        assert ledger.verify().journals == len(bills)

    def test_of_two_runs_at_once_bills_once(self, tenant: int, now: datetime) -> None:
        """Two runs asked about the same account at the same time; both questions are approved."""
        home = self.unread(now)
        january = Interval(date(2026, 1, 1), date(2026, 2, 1))
        runs = [
            billing.create_run(period=january, commodity="POWER", due_date=DUE, now=now).run_id
            for _ in range(2)
        ]
        for run_id in reversed(runs):
            billing.execute_run(run_id=run_id, now=now)
        rows = [billing.list_exceptions(run_id=run_id).items[0] for run_id in runs]
        answers = together(
            tenant,
            [
                partial(
                    billing.decide_exception,
                    exception_id=row.exception_id,
                    approve=True,
                    note="核实",
                    by=1,
                    now=now,
                )
                for row in rows
            ],
        )
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert len(refused) == 1, answers
        assert isinstance(refused[0], NotPostable), refused
        assert len(home.bills()) == 1
        assert ledger.verify().ok

    def unread(self, now: datetime) -> homes.Home:
        """A home whose reads end before the month does."""
        homes.publish(now, homes.text_of("beijing", "beijing-power-residential"))
        home = homes.home(99, "POWER", "beijing-power-residential", now, unit="kWh")
        home.read(date(2026, 1, 1), 0, now)
        home.read(date(2026, 1, 21), 200_000, now)
        return home


def assert_each_standing_once(account_ids: Sequence[int]) -> None:
    """One standing bill for each account, whatever was reversed before, and a ledger that agrees."""
    rows = billing.list_bills(per_page=200).items
    assert Counter(row.account_id for row in rows if row.status == "POSTED") == Counter(account_ids)
    items = ledger.list_open_items(account_ids=account_ids)
    assert sum(item.open_fen for item in items) == len(account_ids) * BILL_FEN
    assert ledger.trial_balance()[ChartAccount.RECEIVABLE] == len(account_ids) * BILL_FEN
    assert ledger.verify().ok
