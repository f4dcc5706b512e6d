"""The database's refusals in the ledger's own words, told apart by constraint name."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError

from metercash.contexts.ledger.contracts import (
    AlreadyReversed,
    BalanceInsufficient,
    BusinessKeyConflict,
    PeriodClosed,
    ReceivableConflict,
    UnbalancedJournal,
)


@contextmanager
def translated(*, subject: str, accounting_date: date | str = "") -> Iterator[None]:
    """Turn a violated constraint into the failure it means.

    Args:
        subject: Business key or reference the error speaks of.
    """
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", None)
        detail = getattr(diagnosis, "message_detail", None) or subject
        if name == "ledger_period_open":
            closed = getattr(diagnosis, "message_primary", "").split(" ")[5].rstrip(",")
            raise PeriodClosed(closed_until=closed, accounting_date=accounting_date) from error
        if name == "ledger_journal_business_key":
            raise BusinessKeyConflict(business_key=detail) from error
        if name == "ledger_journal_reversed_once":
            raise AlreadyReversed(business_key=subject) from error
        if name == "ledger_receivable_reference":
            raise ReceivableConflict(reference=detail) from error
        if name == "ledger_balance_not_negative":
            raise BalanceInsufficient(available_fen="?", needed_fen="?") from error
        if name in {"ledger_journal_balanced", "ledger_journal_not_empty"}:
            raise UnbalancedJournal(business_key=subject, difference_fen="?") from error
        raise
