"""Events from lower contexts to higher ones: published with the data, delivered at least once.

A handler must be idempotent. An event whose handler fails stays pending with the error beside it and is
tried again; it is given up to the operators' eye after ``ATTEMPTS_MAX`` attempts.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.utils import timezone

from metercash.platform import db
from metercash.platform.tenancy.binding import current_id_or_none


ATTEMPTS_MAX = 20
DELIVERY_LIMIT = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """What a handler receives: ids and primitives only."""

    event_id: int
    name: str
    version: int
    payload: dict[str, Any]


Handler = Callable[[Event], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


def subscribe(name: str, handler: Handler) -> None:
    """Call the handler for every event of that name; registered once per process."""
    if handler not in _handlers[name]:
        _handlers[name].append(handler)


@db.transaction_required
def publish(name: str, *, version: int = 1, **payload: object) -> None:
    """Record an event in the open transaction; it is delivered after the commit.

    What nobody subscribed to is kept as delivered.

    Args:
        name: ``context.thing.happened``.
        payload: Ids and primitives, never objects.
    """
    from metercash.platform.outbox.models import OutboxEvent

    heard = name in _handlers
    OutboxEvent.objects.create(
        name=name,
        version=version,
        payload=payload,
        delivered_at=None if heard else timezone.now(),
    )
    if heard:
        db.run_after_commit(_deliver_quietly)


def deliver_pending(*, limit: int = DELIVERY_LIMIT) -> int:
    """Deliver the bound tenant's pending events, oldest first, one transaction each.

    Returns:
        How many were delivered.
    """
    delivered, after = 0, 0
    for _ in range(limit):
        outcome = _deliver_next(after)
        if outcome is None:
            break
        after, succeeded = outcome
        delivered += succeeded
    return delivered


def pending_count() -> int:
    """How many events of the bound tenant wait for delivery."""
    from metercash.platform.outbox.models import OutboxEvent

    with db.transaction():
        return OutboxEvent.objects.filter(delivered_at__isnull=True).count()


def _deliver_quietly() -> None:
    if current_id_or_none() is not None:
        deliver_pending(limit=20)


def _deliver_next(after: int) -> tuple[int, bool] | None:
    from metercash.platform.outbox.models import OutboxEvent

    with db.transaction():
        row = (
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(delivered_at__isnull=True, attempts__lt=ATTEMPTS_MAX, id__gt=after)
            .order_by("id")
            .first()
        )
        if row is None:
            return None
        db.commit_lazily()
        event = Event(row.id, row.name, row.version, row.payload)
        row.attempts += 1
        try:
            with db.savepoint():
                for handler in _handlers[row.name]:
                    handler(event)
            row.delivered_at = timezone.now()
        except Exception as error:  # noqa: BLE001 - the outermost edge: the event is kept with its error
            row.last_error = f"{type(error).__name__}: {error}"[:2000]
            log.warning("outbox.delivery_failed", event_name=row.name, event_id=row.id)
        row.save(update_fields=["attempts", "delivered_at", "last_error"])
        return row.id, row.delivered_at is not None
