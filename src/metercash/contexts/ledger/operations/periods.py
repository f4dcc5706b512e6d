"""Closing the books up to a day."""

from datetime import date, datetime

from django.db import connection

from metercash.contexts.ledger import models
from metercash.contexts.ledger.contracts import PeriodClosed
from metercash.contexts.ledger.queries import books
from metercash.platform import audit, db, tenancy


@db.transaction_required
def close(*, until: date, now: datetime) -> None:
    """Close every accounting date before ``until``; waits for postings under way.

    Raises:
        PeriodClosed: if the books are closed that far already.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended('ledger.period:' || %s::text, 0))",
            [str(tenancy.current_id())],
        )
    closed = books.closed_until()
    if closed is not None and closed >= until:
        raise PeriodClosed(closed_until=closed, accounting_date=until)
    models.PeriodClose.objects.create(closed_until=until, closed_at=now)
    audit.record(
        action="ledger.period.close", subject=f"period:{until}", detail={"until": str(until)}
    )
