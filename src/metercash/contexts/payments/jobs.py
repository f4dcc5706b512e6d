"""Background work of payments."""

from datetime import date, datetime, time, timedelta

from metercash.contexts.payments import api
from metercash.contexts.payments.contracts import Provider, StatementNotReady
from metercash.kernel.interval import Interval
from metercash.platform import jobs
from metercash.platform.jobs import schedule


def poll_due(*, now: datetime) -> None:
    """Ask providers for the orders whose time has come."""
    api.poll_due(now=now)


def reconcile(*, now: datetime, provider: str = "WECHAT", day: str = "") -> None:
    """Compare a day with the channel's statement; yesterday if none is named."""
    chosen = date.fromisoformat(day) if day else (now - timedelta(days=1)).date()
    api.reconcile(provider=provider, day=chosen, now=now)


def reconcile_missing(*, now: datetime) -> None:
    """Reconcile yesterday and what a stopped worker left of the week before; one late file delays no other."""
    late: StatementNotReady | None = None
    for day in api.unreconciled_days(provider=Provider.WECHAT, now=now):
        try:
            api.reconcile(provider=Provider.WECHAT, day=day, now=now)
        except StatementNotReady as error:
            # A day without trade has no file at all; only a day with money is worth another try.
            period = Interval(day, day + timedelta(days=1))
            if api.list_payments(channel=Provider.WECHAT, period=period, per_page=1).total:
                late = error
    if late is not None:
        raise late


def register() -> None:
    """Make the jobs known by name, and what recurs."""
    schedule.every_minute("payments.poll_due", poll_due)
    schedule.daily("payments.reconcile", reconcile_missing, at=time(10, 30))
    jobs.register("payments.poll_due", poll_due)
    jobs.register("payments.reconcile", reconcile)
