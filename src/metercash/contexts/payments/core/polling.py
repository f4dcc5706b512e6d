"""When to ask the provider again: quickly while somebody waits, then rarely, then leave it to the statement."""

from datetime import datetime, timedelta


DELAYS = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=3),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
)
INTERACTIVE_GAP = timedelta(seconds=1)


def next_poll(*, asked: int, now: datetime) -> datetime | None:
    """When to ask after having asked that many times; None leaves it to the statement."""
    return now + DELAYS[asked] if asked < len(DELAYS) else None
