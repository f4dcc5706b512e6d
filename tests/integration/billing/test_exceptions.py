"""Bills that wait for a person, from the missing read to the bill that stands."""

from datetime import date, datetime

import pytest

from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import (
    BillNotReplaceable,
    ExceptionDecided,
    ExceptionRow,
    NotPostable,
    NotRatable,
    RunNotExecutable,
)
from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.kernel.interval import Interval
from tests.support import homes


JANUARY = Interval(date(2026, 1, 1), date(2026, 2, 1))
PLAN = "beijing-power-residential"
# 200 × 0.4883 = 97.66 for the twenty days read; 310 × 0.4883 = 151.373 → 151.37 for the month.
PART_FEN, WHOLE_FEN = 9_766, 15_137


@pytest.fixture
def home(tenant: int, now: datetime) -> homes.Home:
    """A home read on 1 and 21 January, and not after."""
    homes.publish(now, homes.text_of("beijing", PLAN))
    home = homes.home(1, "POWER", PLAN, now, unit="kWh")
    home.read(date(2026, 1, 1), 0, now)
    home.read(date(2026, 1, 21), 200_000, now)
    return home


def held(home: homes.Home, now: datetime) -> ExceptionRow:
    """The exception a run raises about the home."""
    [shown] = billing.preview(account_id=home.account_id, period=JANUARY, now=now)
    done = home.run(JANUARY, now)
    assert (done.status, done.counts.posted, done.counts.excepted) == ("DONE", 0, 1)
    [row] = billing.list_exceptions(run_id=done.run_id).items
    assert row.reasons == shown.reasons
    assert row.stake_fen == shown.total_fen
    return row


def decide(row: ExceptionRow, now: datetime, *, approve: bool) -> ExceptionRow:
    return billing.decide_exception(
        exception_id=row.exception_id, approve=approve, note="已电话核实", by=7, now=now
    )


class TestMissingReads:
    def test_hold_the_bill_with_evidence(self, home: homes.Home, now: datetime) -> None:
        row = held(home, now)
        assert (row.reason, row.stake_fen, row.status) == ("MISSING_READS", PART_FEN, "OPEN")
        assert row.reasons[0].evidence == {"days": 31, "missing_days": 11}
        assert row.label == "缺少抄表数据"
        assert home.bills() == []
        assert ledger.trial_balance().get(ChartAccount.RECEIVABLE, 0) == 0

    def test_approved_bill_what_was_read(self, home: homes.Home, now: datetime) -> None:
        row = decide(held(home, now), now, approve=True)
        [bill] = home.bills()
        assert (row.status, row.bill_id, row.decided_by) == ("APPROVED", bill.bill_id, 7)
        assert (bill.total_fen, bill.reasons[0].reason) == (PART_FEN, "MISSING_READS")
        assert ledger.trial_balance()[ChartAccount.RECEIVABLE] == PART_FEN
        with pytest.raises(ExceptionDecided):
            decide(row, now, approve=True)

    def test_rebilled_after_late_reads_bill_the_month(
        self, home: homes.Home, now: datetime
    ) -> None:
        old_id = decide(held(home, now), now, approve=True).bill_id
        assert old_id is not None
        home.read(date(2026, 2, 1), 310_000, now)
        billing.reverse_bill(bill_id=old_id, reason="补抄", now=now, by=7)
        [shown] = billing.preview(account_id=home.account_id, period=JANUARY, now=now)
        new = billing.get_bill(bill_id=billing.rebill(bill_id=old_id, now=now, by=7))
        assert homes.told(new) == homes.told(shown)
        assert (new.total_fen, new.generation, new.replaces_bill_id) == (WHOLE_FEN, 2, old_id)
        assert ledger.trial_balance()[ChartAccount.RECEIVABLE] == WHOLE_FEN
        assert ledger.verify().ok

    def test_rejected_bill_nothing_until_a_run_asks_anew(
        self, home: homes.Home, now: datetime
    ) -> None:
        row = decide(held(home, now), now, approve=False)
        assert (row.status, row.bill_id, home.bills()) == ("REJECTED", None, [])
        with pytest.raises(ExceptionDecided):
            decide(row, now, approve=True)
        home.read(date(2026, 2, 1), 310_000, now)
        assert home.billed(JANUARY, now).total_fen == WHOLE_FEN

    def test_close_the_question_of_the_run_before(self, home: homes.Home, now: datetime) -> None:
        first = held(home, now)
        home.read(date(2026, 2, 1), 310_000, now)
        assert home.billed(JANUARY, now).total_fen == WHOLE_FEN
        [row] = billing.list_exceptions(status=None, run_id=first.run_id).items
        assert row.status == "SUPERSEDED"
        with pytest.raises(ExceptionDecided):
            decide(row, now, approve=True)

    def test_of_a_whole_month_cannot_be_approved(self, tenant: int, now: datetime) -> None:
        homes.publish(now, homes.text_of("beijing", PLAN))
        unread = homes.home(2, "POWER", PLAN, now, unit="kWh")
        with pytest.raises(NotRatable):
            billing.preview(account_id=unread.account_id, period=JANUARY, now=now)
        done = unread.run(JANUARY, now)
        assert (done.counts.posted, done.counts.excepted) == (0, 1)
        [row] = billing.list_exceptions(run_id=done.run_id).items
        with pytest.raises(NotPostable):
            decide(row, now, approve=True)
        assert billing.list_exceptions(run_id=done.run_id).items == [row]


class TestDecideException:
    def test_wants_a_note_and_an_exception(self, home: homes.Home, now: datetime) -> None:
        row = held(home, now)
        for note in ("", "   ", "长" * 201):
            with pytest.raises(InvalidInput):
                billing.decide_exception(
                    exception_id=row.exception_id, approve=True, note=note, by=1, now=now
                )
        with pytest.raises(NotFound):
            billing.decide_exception(exception_id=0, approve=True, note="好", by=1, now=now)
        assert home.bills() == []

    def test_refuses_a_second_bill_of_the_period(self, home: homes.Home, now: datetime) -> None:
        """Two runs ask about one account; approving both would bill it twice."""
        first, second = (
            billing.create_run(
                period=JANUARY, commodity="POWER", due_date=JANUARY.end, now=now, purpose="REGULAR"
            )
            for _ in range(2)
        )
        billing.execute_run(run_id=second.run_id, now=now)
        billing.execute_run(run_id=first.run_id, now=now)
        rows = [
            row
            for run in (first, second)
            for row in billing.list_exceptions(run_id=run.run_id).items
        ]
        assert len(rows) == 2
        decide(rows[0], now, approve=True)
        with pytest.raises(NotPostable):
            decide(rows[1], now, approve=True)
        assert [bill.total_fen for bill in home.bills()] == [PART_FEN]


class TestZero:
    def test_waits_and_once_approved_posts_nothing(self, tenant: int, now: datetime) -> None:
        homes.publish(now, homes.text_of("beijing", PLAN))
        empty = homes.home(2, "POWER", PLAN, now, unit="kWh")
        empty.read(JANUARY.start, 5_000, now)
        empty.read(JANUARY.end, 5_000, now)
        row = held(empty, now)
        assert (row.reason, row.stake_fen) == ("ZERO", 0)
        decide(row, now, approve=True)
        [bill] = empty.bills()
        assert (bill.total_fen, bill.open_fen, bill.status) == (0, 0, "POSTED")
        assert ledger.list_open_items(account_ids=[empty.account_id]) == []
        assert bill.bill_id is not None
        assert billing.reverse_bill(bill_id=bill.bill_id, reason="错", now=now, by=1).status == (
            "REVERSED"
        )
        assert ledger.verify().journals == 0


class TestNoPrice:
    def test_waits_until_there_is_one(self, tenant: int, now: datetime) -> None:
        home = homes.home(1, "POWER", PLAN, now, unit="kWh")
        home.read(JANUARY.start, 0, now)
        home.read(JANUARY.end, 310_000, now)
        with pytest.raises(NotRatable):
            billing.preview(account_id=home.account_id, period=JANUARY, now=now)
        done = home.run(JANUARY, now)
        [row] = billing.list_exceptions(run_id=done.run_id).items
        assert (row.reason, row.stake_fen) == ("NO_PRICE", 0)
        with pytest.raises(NotPostable):
            decide(row, now, approve=True)
        homes.publish(now, homes.text_of("beijing", PLAN))
        assert decide(row, now, approve=True).status == "APPROVED"
        assert [bill.total_fen for bill in home.bills()] == [WHOLE_FEN]


class TestRebill:
    def test_refuses_a_standing_bill_and_one_without_reads(
        self, home: homes.Home, now: datetime
    ) -> None:
        bill_id = decide(held(home, now), now, approve=True).bill_id
        assert bill_id is not None
        with pytest.raises(BillNotReplaceable):
            billing.rebill(bill_id=bill_id, now=now, by=1)
        with pytest.raises(NotFound):
            billing.rebill(bill_id=0, now=now, by=1)
        with pytest.raises(InvalidInput):
            billing.reverse_bill(bill_id=bill_id, reason=" ", now=now, by=1)

    def test_refuses_when_the_agreement_has_changed(self, home: homes.Home, now: datetime) -> None:
        bill_id = decide(held(home, now), now, approve=True).bill_id
        assert bill_id is not None
        billing.reverse_bill(bill_id=bill_id, reason="错户", now=now, by=1)
        customers.move_out(account_id=home.account_id, on=date(2026, 1, 16))
        with pytest.raises(BillNotReplaceable):
            billing.rebill(bill_id=bill_id, now=now, by=1)

    def test_refuses_a_period_another_bill_covers(self, home: homes.Home, now: datetime) -> None:
        bill_id = decide(held(home, now), now, approve=True).bill_id
        assert bill_id is not None
        billing.reverse_bill(bill_id=bill_id, reason="账期有误", now=now, by=1)
        home.billed(Interval(date(2026, 1, 1), date(2026, 1, 21)), now)
        with pytest.raises(BillNotReplaceable):
            billing.rebill(bill_id=bill_id, now=now, by=1)


class TestNoAgreement:
    def test_is_said_of_who_moved_out_after_the_run_was_made(
        self, home: homes.Home, now: datetime
    ) -> None:
        run = billing.create_run(period=JANUARY, commodity="POWER", due_date=JANUARY.end, now=now)
        customers.move_out(account_id=home.account_id, on=date(2025, 12, 1))
        done = billing.execute_run(run_id=run.run_id, now=now)
        assert (done.status, done.counts.selected, done.counts.excepted) == ("DONE", 1, 1)
        [row] = billing.list_exceptions(run_id=run.run_id).items
        assert row.reason == "NO_AGREEMENT"


class TestCreateRun:
    def test_refuses_a_due_date_before_the_period(self, tenant: int, now: datetime) -> None:
        with pytest.raises(InvalidInput):
            billing.create_run(
                period=JANUARY, commodity="POWER", due_date=date(2025, 12, 31), now=now
            )


class TestCancelRun:
    def test_stops_and_stays_stopped(self, home: homes.Home, now: datetime) -> None:
        run = billing.create_run(period=JANUARY, commodity="POWER", due_date=JANUARY.end, now=now)
        assert billing.cancel_run(run_id=run.run_id).status == "CANCELLED"
        with pytest.raises(RunNotExecutable):
            billing.execute_run(run_id=run.run_id, now=now)
        with pytest.raises(RunNotExecutable):
            billing.cancel_run(run_id=run.run_id)
        assert home.bills() == []
