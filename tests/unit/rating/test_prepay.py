"""What is left of a prepayment, and what it asks for."""

from datetime import date
from decimal import Decimal

import pytest

from metercash.rating import document
from metercash.rating.errors import FactMissing, PlanDocumentInvalid
from metercash.rating.terms.prepay import PrepayFacts, State, status
from tests.unit.rating.helpers import HEAD


AREA = "  - {kind: area, price: 1}\n"
TODAY = date(2025, 1, 8)


def terms(text):
    return document.parse(HEAD + AREA + f"prepay: {{{text}}}\n").prepay


USUAL = terms("warn_below_fen: 5000, cut_below_fen: 0, grace_days: 7")


def found(estimate, *, unpaid=0, deposit=12_000, since=None):
    facts = PrepayFacts(TODAY, deposit, unpaid, Decimal(estimate), since)
    return status(terms=USUAL, facts=facts)


class TestStatus:
    @pytest.mark.parametrize(
        ("estimate", "unpaid", "balance_fen", "state"),
        [
            ("70", 0, 5_000, State.OK),
            ("70.004", 0, 5_000, State.OK),
            ("70.005", 0, 4_999, State.WARN),
            ("75", 0, 4_500, State.WARN),
            ("100", 2_000, 0, State.WARN),
            ("100", 2_001, -1, State.CUT_PENDING),
            ("130", 0, -1_000, State.CUT_PENDING),
        ],
    )
    def test_tells_by_the_balance(self, estimate, unpaid, balance_fen, state):
        made = found(estimate, unpaid=unpaid)
        assert (made.balance.fen, made.state) == (balance_fen, state)
        assert (made.cut_from is not None) == (state is State.CUT_PENDING)

    def test_gives_days_before_the_cut(self):
        assert found("130").cut_from == date(2025, 1, 15)
        assert found("130", since=date(2025, 1, 2)).state is State.CUT_PENDING
        due = found("130", since=date(2025, 1, 1))
        assert (due.state, due.cut_from) == (State.CUT_DUE, TODAY)

    @pytest.mark.parametrize(
        "facts",
        [{"unpaid": -1}, {"deposit": -1}, {"estimate": "-0.01"}, {"since": date(2025, 1, 9)}],
    )
    def test_refuses_what_cannot_be(self, facts):
        with pytest.raises(FactMissing):
            found(**{"estimate": "1", **facts})


def test_warns_before_it_cuts():
    with pytest.raises(PlanDocumentInvalid, match="先预警后停供"):
        terms("warn_below_fen: 0, cut_below_fen: 1")
