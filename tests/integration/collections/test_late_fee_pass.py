"""Late-fee passes over real books."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from metercash.contexts.collections import api as collections
from metercash.contexts.collections import jobs
from metercash.contexts.collections.contracts import (
    PolicyConflict,
    PolicyRefused,
    PolicyTerms,
    PolicyTooEarly,
    ReasonMissing,
)
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger import contracts as c
from metercash.kernel.errors import PermissionRefused
from tests.support.ledger import charge


DUE = date(2026, 1, 10)
CHART = c.ChartAccount
STEEP = PolicyTerms(Decimal(5))


@pytest.fixture(autouse=True)
def owing(tenant: int, now: datetime) -> None:
    """One bill of 1,000 yuan due on the tenth, at 1‰ a day."""
    collections.adopt_policy(
        terms=PolicyTerms(Decimal(1)),
        effective_from=date(2025, 1, 1),
        citation="供用热合同第八条",
        approved_by="经理",
    )
    charge(1, 100_000, reference="bill:1", now=now, due=DUE, day=DUE)


def fees() -> list[int]:
    items = ledger.list_open_items(account_ids=[1], kind="LATE_FEE", include_settled=True)
    assert ledger.verify().problems == ()
    return [item.original_fen for item in items]


def pay(fen: int, on: date, now: datetime) -> None:
    ledger.receive(
        account_id=1,
        fen=fen,
        business_key=f"pay:{on}",
        debit=CHART.CASH,
        accounting_date=on,
        occurred_at=now,
    )


class TestAccrueLateFees:
    def test_charges_the_growth_once(self, now: datetime) -> None:
        first = collections.accrue_late_fees(as_of=DUE + timedelta(days=3), now=now)
        assert (first.raised, first.raised_fen) == (1, 300)
        again = collections.accrue_late_fees(as_of=DUE + timedelta(days=3), now=now)
        assert (again.raised, again.raised_fen) == (0, 0)
        collections.accrue_late_fees(as_of=DUE + timedelta(days=10), now=now)
        assert fees() == [300, 700]

    def test_nothing_on_the_due_date(self, now: datetime) -> None:
        assert collections.accrue_late_fees(as_of=DUE, now=now).raised == 0
        assert collections.late_fee_of(account_ids=[1], as_of=DUE) == {}

    def test_a_bill_paid_between_passes_is_charged_to_that_day(self, now: datetime) -> None:
        collections.accrue_late_fees(as_of=DUE + timedelta(days=1), now=now)
        pay(100_000, DUE + timedelta(days=4), now)
        collections.accrue_late_fees(as_of=DUE + timedelta(days=20), now=now)
        collections.accrue_late_fees(as_of=DUE + timedelta(days=30), now=now)
        assert fees() == [100, 300]

    def test_a_payment_recorded_late_lowers_the_fee(self, now: datetime) -> None:
        collections.accrue_late_fees(as_of=DUE + timedelta(days=10), now=now)
        pay(100_000, DUE + timedelta(days=2), now)
        outcome = collections.accrue_late_fees(as_of=DUE + timedelta(days=10), now=now)
        assert (outcome.lowered, outcome.lowered_fen) == (1, 800)
        items = ledger.list_open_items(account_ids=[1])
        assert [item.open_fen for item in items] == [200]
        assert fees() == [1_000]

    def test_shows_what_is_coming(self, now: datetime) -> None:
        day = DUE + timedelta(days=5)
        assert collections.late_fee_of(account_ids=[1], as_of=day) == {1: 500}
        collections.accrue_late_fees(as_of=day, now=now)
        assert collections.late_fee_of(account_ids=[1], as_of=day) == {}
        coming = collections.forecast(account_id=1, pay_by=day, later=day + timedelta(days=7))
        assert coming.saved_fen == 700


class TestWaiveLateFee:
    def test_forgives_for_good(self, now: datetime) -> None:
        day = DUE + timedelta(days=5)
        collections.accrue_late_fees(as_of=day, now=now)
        (item,) = ledger.list_open_items(account_ids=[1], kind="LATE_FEE")

        def waive(reason: str, role: str) -> int:
            return collections.waive_late_fee(
                reference=item.reference, fen=500, reason=reason, roles=[role], now=now, on=day
            )

        with pytest.raises(PermissionRefused):
            waive("系统故障", "COUNTER_CLERK")
        with pytest.raises(ReasonMissing):
            waive(" ", "MANAGER")
        waive("系统故障", "MANAGER")
        assert collections.accrue_late_fees(as_of=day, now=now).raised == 0
        assert ledger.list_open_items(account_ids=[1], kind="LATE_FEE") == []
        assert fees() == [500]


class TestAdoptPolicy:
    def test_refuses_a_second_version_of_one_day(self) -> None:
        with pytest.raises(PolicyConflict):
            collections.adopt_policy(
                terms=PolicyTerms(Decimal(2)),
                effective_from=date(2025, 1, 1),
                citation="x",
                approved_by="x",
            )
        assert [policy.terms for policy in collections.list_policies()] == [PolicyTerms(Decimal(1))]

    def test_never_touches_fees_already_charged(self, now: datetime) -> None:
        collections.accrue_late_fees(as_of=now.date(), now=now)
        charged = fees()
        with pytest.raises(PolicyTooEarly):
            adopt(date(2026, 1, 5))
        adopt(now.date())
        collections.accrue_late_fees(as_of=now.date(), now=now)
        assert fees() == charged

    @pytest.mark.parametrize(
        ("terms", "citation"),
        [
            (PolicyTerms(Decimal(-1)), "x"),
            (PolicyTerms(Decimal(11)), "x"),
            (PolicyTerms(Decimal("NaN")), "x"),
            (PolicyTerms(Decimal(1), start_days=0), "x"),
            (PolicyTerms(Decimal(1), cap_of_principal=Decimal(0)), "x"),
            (PolicyTerms(Decimal(1), minimum_fen=-1), "x"),
            (PolicyTerms(Decimal(1)), " "),
        ],
    )
    def test_refuses_terms_out_of_range(self, terms: PolicyTerms, citation: str) -> None:
        with pytest.raises(PolicyRefused):
            adopt(date(2027, 1, 1), terms=terms, citation=citation)
        assert len(collections.list_policies()) == 1


class TestRemind:
    def test_is_silent_unless_switched_on(self, now: datetime) -> None:
        assert not collections.reminders_automatic()
        collections.set_reminders_automatic(on=True)
        assert collections.reminders_automatic()
        jobs.remind(now=now)
        jobs.accrue(now=now)
        jobs.accrue(now=now)
        assert fees() == [1_000]


def adopt(effective_from: date, *, terms: PolicyTerms = STEEP, citation: str = "x") -> None:
    collections.adopt_policy(
        terms=terms, effective_from=effective_from, citation=citation, approved_by="x"
    )
