"""Background work of customers, each day by the tenant's clock."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from metercash.platform import tenancy
from metercash.platform.jobs import schedule


def register() -> None:
    """Schedule the routines."""
    schedule.daily("customers.supply", supply, at=time(0, 10))


def supply(*, now: datetime) -> None:
    """Stops that begin or end today show in lists."""
    from metercash.contexts.customers import api

    tenant = tenancy.Tenant.objects.get(id=tenancy.current_id())
    api.show_supply(as_of=now.astimezone(ZoneInfo(tenant.time_zone)).date())
