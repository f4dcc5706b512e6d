"""Background work of collections, each day by the tenant's clock."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from metercash.platform import tenancy
from metercash.platform.jobs import schedule


def register() -> None:
    """Schedule the routines."""
    schedule.daily("collections.accrue", accrue, at=time(1, 30))
    schedule.daily("collections.remind", remind, at=time(9, 30))


def accrue(*, now: datetime) -> None:
    """Charge late fees up to and including today; what a missed day owed comes with it."""
    from metercash.contexts.collections import api

    api.accrue_late_fees(as_of=_today(now), now=now)


def remind(*, now: datetime) -> None:
    """Remind who is late, where the tenant wants that done by itself."""
    from metercash.contexts.collections import api

    if api.reminders_automatic():
        api.send_reminders(as_of=_today(now), now=now)


def _today(now: datetime) -> date:
    tenant = tenancy.Tenant.objects.get(id=tenancy.current_id())
    return now.astimezone(ZoneInfo(tenant.time_zone)).date()
