"""The first reminder to customers in arrears."""

from datetime import date, datetime

from metercash.contexts.collections.queries import arrears
from metercash.contexts.notifications import api as notifications
from metercash.contexts.notifications.contracts import Channel
from metercash.kernel.money import Money
from metercash.platform import audit, db, tenancy


AUTOMATIC = "automatic_reminders"
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


@db.transaction_required
def automatic() -> bool:
    """Whether reminders go out by themselves; see ``api.reminders_automatic``."""
    tenant = tenancy.Tenant.objects.get(id=tenancy.current_id())
    return tenant.settings.get(AUTOMATIC) is True


@db.transaction_required
def set_automatic(*, on: bool) -> None:
    """Keep the switch; see ``api.set_reminders_automatic``."""
    tenant = tenancy.Tenant.objects.select_for_update().get(id=tenancy.current_id())
    tenant.settings = {**tenant.settings, AUTOMATIC: on}
    tenant.save(update_fields=["settings"])
    audit.record(
        action="collections.reminders.switch", subject=f"tenant:{tenant.id}", detail={"on": on}
    )
