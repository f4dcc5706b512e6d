"""When a journal may stand and what undoes it, by worked examples; amounts in fen."""

from datetime import UTC, date, datetime

import pytest

from metercash.contexts.ledger import contracts as c
from metercash.contexts.ledger.core import journals


CHART = c.ChartAccount
CUSTOMER = 7


def journal(*postings: c.Posting) -> c.Journal:
    """A journal of these postings."""
    noon = datetime(2026, 1, 20, 4, tzinfo=UTC)
    return c.Journal("k1", "thing.happened", date(2026, 1, 20), noon, postings)


class TestCheck:
    def test_lets_a_balanced_journal_stand(self) -> None:
        journals.check(
            journal(
                c.Posting(CHART.RECEIVABLE, 106, CUSTOMER),
                c.Posting(CHART.REVENUE_HEAT, -100),
                c.Posting(CHART.OUTPUT_TAX, -6),
            )
        )

    def test_refuses_a_journal_out_of_balance_by_one_fen(self) -> None:
        with pytest.raises(c.UnbalancedJournal) as refused:
            journals.check(journal(c.Posting(CHART.CASH, 100), c.Posting(CHART.BANK, -99)))
        assert refused.value.data == {"business_key": "k1", "difference_fen": 1}

    def test_refuses_a_journal_of_nothing(self) -> None:
        with pytest.raises(c.UnbalancedJournal):
            journals.check(journal())

    def test_refuses_a_posting_of_nothing(self) -> None:
        postings = (c.Posting(CHART.CASH, 5), c.Posting(CHART.BANK, -5), c.Posting(CHART.BANK, 0))
        with pytest.raises(c.MalformedPosting) as refused:
            journals.check(journal(*postings))
        assert refused.value.data == {"business_key": "k1", "account": "银行存款"}

    @pytest.mark.parametrize("chart", [CHART.RECEIVABLE, CHART.LATE_FEE_RECEIVABLE, CHART.PREPAID])
    def test_refuses_a_customers_account_without_the_customer(self, chart: CHART) -> None:
        with pytest.raises(c.MalformedPosting):
            journals.check(journal(c.Posting(CHART.CASH, 5), c.Posting(chart, -5)))
        journals.check(journal(c.Posting(CHART.CASH, 5), c.Posting(chart, -5, CUSTOMER)))


class TestPrepaidChanges:
    def test_adds_up_per_customer_credit_positive(self) -> None:
        changes = journals.prepaid_changes(
            [
                c.Posting(CHART.PREPAID, -500, 9),
                c.Posting(CHART.PREPAID, 200, 9),
                c.Posting(CHART.PREPAID, 30, CUSTOMER),
                c.Posting(CHART.RECEIVABLE, -200, 9),
                c.Posting(CHART.CASH, 470),
            ]
        )
        assert list(changes.items()) == [(7, -30), (9, 300)]

    def test_leaves_out_customers_without_change(self) -> None:
        in_and_out = [c.Posting(CHART.PREPAID, -5, 9), c.Posting(CHART.PREPAID, 5, 9)]
        assert journals.prepaid_changes(in_and_out) == {}
        assert journals.prepaid_changes([c.Posting(CHART.PREPAID, -5)]) == {}


class TestMerge:
    def test_adds_up_alike_postings_and_keeps_sides_apart(self) -> None:
        merged = journals.merge(
            [
                c.Posting(CHART.PREPAID, 5, CUSTOMER),
                c.Posting(CHART.PREPAID, -3, CUSTOMER),
                c.Posting(CHART.PREPAID, 2, CUSTOMER),
                c.Posting(CHART.PREPAID, 1, 9),
                c.Posting(CHART.CASH, -5),
            ]
        )
        assert merged == (
            c.Posting(CHART.PREPAID, 7, CUSTOMER),
            c.Posting(CHART.PREPAID, -3, CUSTOMER),
            c.Posting(CHART.PREPAID, 1, 9),
            c.Posting(CHART.CASH, -5),
        )
        assert journals.merge([]) == ()


class TestReversal:
    POSTINGS = (
        c.Posting(CHART.CASH, 100, CUSTOMER),
        c.Posting(CHART.PREPAID, -100, CUSTOMER),
        c.Posting(CHART.PREPAID, 80, CUSTOMER),
        c.Posting(CHART.RECEIVABLE, -80, CUSTOMER),
    )

    def test_turns_every_posting_round(self) -> None:
        undone = journals.reversal(self.POSTINGS, returned={}, account_id=CUSTOMER)
        assert undone == (
            c.Posting(CHART.CASH, -100, CUSTOMER),
            c.Posting(CHART.PREPAID, 100, CUSTOMER),
            c.Posting(CHART.PREPAID, -80, CUSTOMER),
            c.Posting(CHART.RECEIVABLE, 80, CUSTOMER),
        )

    def test_takes_from_the_balance_what_went_back_there(self) -> None:
        undone = journals.reversal(
            self.POSTINGS,
            returned={CHART.RECEIVABLE: 30, CHART.LATE_FEE_RECEIVABLE: 0},
            account_id=CUSTOMER,
        )
        assert undone == (
            c.Posting(CHART.CASH, -100, CUSTOMER),
            c.Posting(CHART.PREPAID, 130, CUSTOMER),
            c.Posting(CHART.PREPAID, -80, CUSTOMER),
            c.Posting(CHART.RECEIVABLE, 80, CUSTOMER),
            c.Posting(CHART.RECEIVABLE, -30, CUSTOMER),
        )


class TestChart:
    def test_names_every_account_and_its_side(self) -> None:
        assert len({chart.label for chart in CHART}) == len(CHART)
        assert CHART.PREPAID.normal_side is c.Side.CREDIT
        assert CHART.RECEIVABLE.normal_side is c.Side.DEBIT
