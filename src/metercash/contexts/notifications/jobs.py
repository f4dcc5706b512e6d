"""Background work of notifications."""

from datetime import datetime

from metercash.platform.jobs import schedule


def register() -> None:
    """Schedule the routine."""
    schedule.every_minute("notifications.deliver", deliver)


def deliver(*, now: datetime) -> None:
    """Send what waits and whose time has come."""
    from metercash.contexts.notifications import api

    api.deliver_pending(now=now)
