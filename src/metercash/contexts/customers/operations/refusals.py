"""The database's refusals in the words of customers, told apart by constraint name."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError

from metercash.contexts.customers.contracts import FactOverlap
from metercash.platform import db


_SAME_DAYS = ("_no_overlap", "_household_day")


@contextmanager
def translated() -> Iterator[None]:
    """Turn days that another entry holds into :class:`FactOverlap`; nothing inside is kept then."""
    try:
        with db.savepoint():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if (getattr(diagnosis, "constraint_name", None) or "").endswith(_SAME_DAYS):
            raise FactOverlap from error
        raise
