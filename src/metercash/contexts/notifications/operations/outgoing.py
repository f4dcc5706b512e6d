"""Queuing messages and delivering what waits."""

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from metercash.contexts.notifications import core, models, queries
from metercash.contexts.notifications.contracts import (
    MessageStatus,
    RecipientMissing,
    TransportFailed,
)
from metercash.contexts.notifications.operations import transports
from metercash.platform import db, tenancy


ATTEMPTS_MAX = 5
DELIVERY_LIMIT = 1000


@db.transaction_required
def queue(
    *,
    template: str,
    channel: str,
    recipient: str,
    context: Mapping[str, object],
    reference: str,
    now: datetime,
) -> int:
    """Queue a message unless the template went to the reference before; see ``api.send``."""
    if not recipient:
        raise RecipientMissing
    wording = core.render(template, {"company": _company().name, **context})
    row, _ = models.Message.objects.get_or_create(
        tenant_id=tenancy.current_id(),
        template=template,
        reference=reference,
        defaults={
            "channel": channel,
            "recipient": recipient,
            "subject": wording.subject,
            "body": wording.body,
            "urgent": wording.urgent,
            "queued_at": now,
        },
    )
    return int(row.id)


@db.transaction_required
def deliver_next(after: int, *, now: datetime) -> tuple[int, bool] | None:
    """Deliver the next waiting message; its id and whether it went out, None if none waits."""
    rows = models.Message.objects.select_for_update(skip_locked=True).order_by("id")
    rows = rows.filter(status=MessageStatus.QUEUED, id__gt=after)
    if _quiet(now):
        rows = rows.filter(urgent=True)
    row = rows.first()
    if row is None:
        return None
    row.attempts += 1
    try:
        row.proof = transports.send(queries.to_message(row))
        row.status, row.sent_at, row.error = MessageStatus.SENT, now, ""
    except TransportFailed as error:
        row.error = error.english[:400]
        if row.attempts >= ATTEMPTS_MAX:
            row.status = MessageStatus.FAILED
    row.save(update_fields=["attempts", "proof", "status", "sent_at", "error"])
    return row.id, row.status == MessageStatus.SENT


def _company() -> tenancy.Tenant:
    return tenancy.Tenant.objects.get(id=tenancy.current_id())


def _quiet(now: datetime) -> bool:
    company = _company()
    start, end = company.settings.get("quiet_hours", ["21:00", "08:00"])
    local = now.astimezone(ZoneInfo(company.time_zone))
    return core.is_quiet(local, start=time.fromisoformat(start), end=time.fromisoformat(end))
