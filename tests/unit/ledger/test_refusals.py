"""The database's refusals in the ledger's words, without a database."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError

from metercash.contexts.ledger import contracts as c
from metercash.contexts.ledger.operations.refusals import translated
from metercash.kernel.errors import MetercashError


class Refused(Exception):
    """What the driver raises: a violated constraint and what the server said."""

    def __init__(self, constraint: str, primary: str = "") -> None:
        super().__init__(primary)
        self.diag = SimpleNamespace(
            constraint_name=constraint, message_detail=None, message_primary=primary
        )


def violate(cause: Exception | None) -> None:
    with translated(subject="k1", accounting_date="2026-01-19"):
        raise IntegrityError("refused") from cause


class TestTranslated:
    @pytest.mark.parametrize(
        ("constraint", "meaning"),
        [
            ("ledger_journal_business_key", c.BusinessKeyConflict),
            ("ledger_journal_reversed_once", c.AlreadyReversed),
            ("ledger_receivable_reference", c.ReceivableConflict),
            ("ledger_balance_not_negative", c.BalanceInsufficient),
            ("ledger_journal_balanced", c.UnbalancedJournal),
            ("ledger_journal_not_empty", c.UnbalancedJournal),
        ],
    )
    def test_names_what_was_violated(self, constraint: str, meaning: type[MetercashError]) -> None:
        with pytest.raises(meaning) as refused:
            violate(Refused(constraint))
        assert isinstance(refused.value.__cause__, IntegrityError)

    def test_tells_until_when_the_books_are_closed(self) -> None:
        primary = "the books are closed before 2026-01-20, 2026-01-19 is refused"
        with pytest.raises(c.PeriodClosed) as refused:
            violate(Refused("ledger_period_open", primary))
        assert refused.value.data == {
            "closed_until": "2026-01-20",
            "accounting_date": "2026-01-19",
        }

    def test_leaves_what_it_does_not_know(self) -> None:
        for cause in (Refused("some_other"), None):
            with pytest.raises(IntegrityError):
                violate(cause)
