"""What the database refuses, bulk posting, closed periods, and that verification finds tampering."""

from dataclasses import replace
from datetime import date, datetime

import psycopg
import pytest
from django.db import IntegrityError, connection

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger import contracts as c
from metercash.platform import db, tenancy


DAY = date(2026, 1, 20)
CHART = c.ChartAccount


def bill(key: str, now: datetime, *, fen: int = 100, account_id: int = 1) -> c.Journal:
    postings = (c.Posting(CHART.RECEIVABLE, fen, account_id), c.Posting(CHART.REVENUE_HEAT, -fen))
    return c.Journal(key, "billing.bill.issued", DAY, now, postings)


@pytest.mark.usefixtures("tenant")
class TestPost:
    def test_is_idempotent(self, now: datetime) -> None:
        first = ledger.post(journal=bill("k", now))
        assert ledger.post(journal=bill("k", now)) == first
        with pytest.raises(c.BusinessKeyConflict):
            ledger.post(journal=bill("k", now, fen=101))
        ledger.post(journal=bill("other", now))
        with pytest.raises(c.BusinessKeyConflict):
            ledger.post(journal=replace(bill("k", now), reverses="other"))
        lines = ledger.journal_lines(business_key="k")
        assert [line.fen for line in lines] == [100, -100]

    def test_moves_prepaid_balances_and_refuses_overdraft(self, now: datetime) -> None:
        refund = (c.Posting(CHART.PREPAID, 100, 1), c.Posting(CHART.REFUND_IN_TRANSIT, -100))
        journal = c.Journal("refund", "payments.refund.held", DAY, now, refund)
        with pytest.raises(c.BalanceInsufficient):
            ledger.post(journal=journal)
        ledger.receive(
            account_id=1,
            fen=150,
            business_key="p",
            debit=CHART.BANK,
            accounting_date=DAY,
            occurred_at=now,
        )
        ledger.post(journal=journal)
        assert ledger.balances(account_ids=[1]) == {1: 50}
        assert ledger.verify().ok


def charges(*items: c.Charge, day: date = DAY, now: datetime) -> int:
    return ledger.charge(
        charges=items,
        kind=c.ItemKind.BILL,
        event="billing.bill.issued",
        due_date=DAY,
        accounting_date=day,
        occurred_at=now,
    )


def charged(reference: str, fen: int = 100, *credited: tuple[CHART, int]) -> c.Charge:
    return c.Charge(1, reference, fen, credited or ((CHART.REVENUE_HEAT, fen),))


@pytest.mark.usefixtures("tenant")
class TestCharge:
    def test_charges_all_or_none(self, now: datetime) -> None:
        assert charges(*(charged(f"k{n}") for n in range(50)), now=now) == 50
        assert charges(now=now) == 0
        for second in ("k3", "new"):
            with pytest.raises(c.BusinessKeyConflict):
                charges(charged("new"), charged(second), now=now)
        report = ledger.verify()
        assert (report.journals, report.postings, report.open_items) == (50, 100, 50)
        assert report.ok

    def test_credits_every_account_it_names(self, now: datetime) -> None:
        power, fund, subsidy = CHART.REVENUE_POWER, CHART.FUND_PAYABLE, CHART.SUBSIDY_RECEIVABLE
        charges(charged("k", 100, (power, 110), (fund, 5), (subsidy, -15)), now=now)
        lines = ledger.journal_lines(business_key="k")
        assert [(line.account, line.account_id, line.fen) for line in lines] == [
            (CHART.RECEIVABLE, 1, 100),
            (power, None, -110),
            (fund, None, -5),
            (subsidy, None, 15),
        ]
        assert ledger.items_by_reference(references=["k"])["k"].open_fen == 100
        assert ledger.verify().ok

    @pytest.mark.parametrize(
        ("credited", "failure"),
        [
            (((CHART.REVENUE_HEAT, 99),), c.UnbalancedJournal),
            (((CHART.REVENUE_HEAT, 100), (CHART.FUND_PAYABLE, 0)), c.MalformedPosting),
            (((CHART.PREPAID, 100),), c.MalformedPosting),
        ],
    )
    def test_refuses_what_the_books_could_not_bear(
        self, credited: tuple[tuple[CHART, int], ...], failure: type[Exception], now: datetime
    ) -> None:
        with pytest.raises(failure):
            charges(charged("k", 100, *credited), now=now)
        assert ledger.verify().journals == 0

    def test_refuses_a_taken_reference(self, tenant: int, database: str, now: datetime) -> None:
        charges(charged("ref"), now=now)
        with psycopg.connect(database) as owner:
            owner.execute("select set_config('app.tenant', %s, true)", [str(tenant)])
            owner.execute("update ledger_receivable set reference = 'other'")
        with pytest.raises(c.ReceivableConflict):
            charges(charged("other"), now=now)


HEAD = (
    "insert into ledger_journalentry (tenant_id, business_key, event, accounting_date, occurred_at)"
    " values (%s, 'raw', 'x', '2026-01-20', now()) returning id"
)
LINE = (
    "insert into ledger_postingline (tenant_id, journal_id, line, chart, fen) "
    "values (%s, %s, %s, 'CASH', %s)"
)


class TestDatabase:
    def raw(self, tenant: int, *amounts: int) -> None:
        with db.transaction(), connection.cursor() as cursor:
            cursor.execute(HEAD, [tenant])
            (journal_id,) = cursor.fetchone()
            for line, fen in enumerate(amounts, start=1):
                cursor.execute(LINE, [tenant, journal_id, line, fen])

    def test_refuses_an_unbalanced_journal(self, tenant: int) -> None:
        with pytest.raises(IntegrityError, match="out of balance"):
            self.raw(tenant, 5)

    def test_refuses_a_journal_without_postings(self, tenant: int) -> None:
        with pytest.raises(IntegrityError, match="no postings"):
            self.raw(tenant)

    def test_refuses_a_zero_posting(self, tenant: int) -> None:
        with pytest.raises(IntegrityError, match="not_zero"):
            self.raw(tenant, 0)

    def test_refuses_postings_of_a_strange_journal(
        self, tenant: int, other_tenant: int, now: datetime
    ) -> None:
        with tenancy.bind(other_tenant):
            strange = ledger.post(journal=bill("k", now))
        with pytest.raises(IntegrityError, match="does not exist"), db.transaction():
            with connection.cursor() as cursor:
                cursor.execute(
                    "insert into ledger_postingline (tenant_id, journal_id, line, chart, fen) "
                    "values (%s, %s, 8, 'CASH', 5), (%s, %s, 9, 'CASH', -5)",
                    [tenant, strange, tenant, strange],
                )

    @pytest.mark.parametrize("table", ["journalentry", "postingline", "allocation", "periodclose"])
    @pytest.mark.parametrize("verb", ["update {} set tenant_id = tenant_id", "delete from {}"])
    def test_refuses_to_change_history(self, tenant: int, table: str, verb: str) -> None:
        with pytest.raises(Exception, match="permission denied"), db.transaction():
            with connection.cursor() as cursor:
                cursor.execute(verb.format(f"ledger_{table}"))

    def test_refuses_even_the_owner(self, tenant: int, database: str, now: datetime) -> None:
        ledger.post(journal=bill("k", now))
        with psycopg.connect(database) as owner:
            owner.execute("select set_config('app.tenant', %s, true)", [str(tenant)])
            with pytest.raises(psycopg.errors.IntegrityError, match="append-only"):
                owner.execute("update ledger_postingline set fen = fen + 1")


@pytest.mark.usefixtures("tenant")
class TestClosePeriod:
    def test_refuses_what_lies_before(self, now: datetime) -> None:
        ledger.close_period(until=date(2026, 1, 21), now=now)
        assert ledger.closed_until() == date(2026, 1, 21)
        with pytest.raises(c.PeriodClosed) as refused:
            ledger.post(journal=bill("k", now))
        assert refused.value.data == {"closed_until": "2026-01-21", "accounting_date": DAY}
        with pytest.raises(c.PeriodClosed):
            charges(charged("k"), now=now)
        with pytest.raises(c.PeriodClosed):
            ledger.close_period(until=date(2026, 1, 1), now=now)
        assert ledger.verify().journals == 0


class TestVerify:
    def tamper(self, database: str, tenant: int, statement: str) -> None:
        with psycopg.connect(database) as owner:
            owner.execute("select set_config('app.tenant', %s, true)", [str(tenant)])
            owner.execute(statement)

    @pytest.mark.parametrize(
        ("statement", "check"),
        [
            ("update ledger_receivable set open_fen = 99", "open_item_follows_allocations"),
            ("update ledger_receivable set status = 'SETTLED'", "open_item_follows_allocations"),
            ("update ledger_balance set prepaid_fen = 1", "balance_follows_postings"),
            (
                (
                    "alter table ledger_postingline disable trigger append_only; "
                    "update ledger_postingline set fen = fen + 1 where chart = 'RECEIVABLE'; "
                    "alter table ledger_postingline enable trigger append_only"
                ),
                "journal_balanced",
            ),
            (
                (
                    "alter table ledger_postingline disable trigger append_only; "
                    "delete from ledger_postingline; "
                    "alter table ledger_postingline enable trigger append_only"
                ),
                "journal_has_postings",
            ),
        ],
    )
    def test_finds_tampering(
        self, tenant: int, database: str, now: datetime, statement: str, check: str
    ) -> None:
        charges(charged("k"), now=now)
        ledger.receive(
            account_id=1,
            fen=10,
            business_key="p",
            debit=CHART.CASH,
            accounting_date=DAY,
            occurred_at=now,
        )
        assert ledger.verify().ok
        self.tamper(database, tenant, statement)
        report = ledger.verify()
        assert not report.ok
        assert check in {problem.check for problem in report.problems}
