"""Background work of payments."""

from datetime import date, datetime, timedelta

from metercash.contexts.payments import api
from metercash.platform import jobs


def poll_due(*, now: datetime) -> None:
    """Ask providers for the orders whose time has come."""
    api.poll_due(now=now)


def reconcile(*, now: datetime, provider: str = "WECHAT", day: str = "") -> None:
    """Compare a day with the channel's statement; yesterday if none is named."""
    chosen = date.fromisoformat(day) if day else (now - timedelta(days=1)).date()
    api.reconcile(provider=provider, day=chosen, now=now)


def register() -> None:
    """Make the jobs known by name."""
    jobs.register("payments.poll_due", poll_due)
    jobs.register("payments.reconcile", reconcile)
