"""The first reminder to customers in arrears."""

from datetime import date, datetime

from metercash.contexts.collections.queries import arrears
from metercash.contexts.notifications import api as notifications
from metercash.contexts.notifications.contracts import Channel
from metercash.kernel.money import Money
from metercash.platform import db


TEMPLATE = "collections.first_reminder"


@db.transaction_required
def remind(*, as_of: date, now: datetime) -> int:
    """Queue first reminders; see ``api.send_reminders``."""
    before = notifications.list_messages(reference="reminder:", per_page=1).total or 0
    for row in arrears.rows(as_of):
        if row.phone:
            notifications.send(
                template=TEMPLATE,
                channel=Channel.SMS,
                recipient=row.phone,
                context={
                    "name": row.name,
                    "account_no": row.account_no,
                    "count": row.bills,
                    "open_yuan": Money(row.open_fen),
                    "due_date": row.oldest_due_date,
                },
                reference=f"reminder:{row.account_id}:{row.oldest_due_date}",
                now=now,
            )
    after = notifications.list_messages(reference="reminder:", per_page=1).total or 0
    return after - before
