"""The audit trail: written in the same transaction as the change, so that no change is without it.

It fails closed: if the entry cannot be written the change rolls back with it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from metercash.platform import db
from metercash.platform.paging import Page, window


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a staff user, a resident, or a named program."""

    actor_id: int | None
    name: str
    address: str = ""


SYSTEM = Actor(None, "system")
_actor: ContextVar[Actor] = ContextVar("metercash_actor", default=SYSTEM)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail."""

    entry_id: int
    at: datetime
    actor_name: str
    address: str
    action: str
    subject: str
    detail: Mapping[str, Any]


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Name the actor of everything recorded inside the block."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def current_actor() -> Actor:
    """Who acts now; the program itself where nobody was named."""
    return _actor.get()


@db.transaction_required
def record(*, action: str, subject: str, detail: Mapping[str, Any] | None = None) -> None:
    """Write one entry in the open transaction.

    Args:
        action: ``context.thing.verb``.
        subject: ``kind:id`` of what was acted on.
        detail: Primitives; no secrets and no full personal data.
    """
    from metercash.platform.audit.models import AuditEntry

    actor = _actor.get()
    AuditEntry.objects.create(
        actor_id=actor.actor_id,
        actor_name=actor.name,
        address=actor.address,
        action=action,
        subject=subject,
        detail=dict(detail or {}),
    )


@db.transaction()
def list_entries(
    *, action: str = "", subject: str = "", actor: str = "", page: int = 1, per_page: int = 50
) -> Page[Entry]:
    """The trail, newest first; filters match exactly, an action also by its prefix before a dot."""
    from metercash.platform.audit.models import AuditEntry

    rows = AuditEntry.objects.order_by("-id")
    if action:
        rows = rows.filter(action__gte=action, action__lt=action + "\uffff")
    if subject:
        rows = rows.filter(subject=subject)
    if actor:
        rows = rows.filter(actor_name=actor)
    total = rows.count()
    items = [
        Entry(r.id, r.at, r.actor_name, r.address, r.action, r.subject, r.detail)
        for r in rows[window(page, per_page)]
    ]
    return Page(items, total, page, per_page)
