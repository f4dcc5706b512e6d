"""Queuing messages and delivering what waits."""

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q

from metercash.contexts.notifications import core, models, queries
from metercash.contexts.notifications.contracts import (
    Channel,
    Message,
    MessageStatus,
    RecipientMissing,
    TransportFailed,
)
from metercash.contexts.notifications.operations import transports
from metercash.platform import audit, db, tenancy


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
    rows = rows.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
    if _quiet(now):
        rows = rows.filter(urgent=True)
    row = rows.first()
    if row is None:
        return None
    row.attempts += 1
    try:
        row.proof = transports.send(queries.to_message(row))
        row.status, row.sent_at = MessageStatus.SENT, now
        row.next_try_at, row.error = None, ""
    except TransportFailed as error:
        row.error = error.chinese[:400]
        row.next_try_at = core.next_try(attempts=row.attempts, now=now)
        if row.next_try_at is None:
            row.status = MessageStatus.FAILED
    row.save(update_fields=["attempts", "next_try_at", "proof", "status", "sent_at", "error"])
    return row.id, row.status == MessageStatus.SENT


@db.transaction_required
def send_test(recipient: str, *, now: datetime) -> str:
    """Hand a test mail over at once; see ``api.send_test``."""
    if "@" not in recipient:
        raise RecipientMissing
    wording = core.render("system.test", {"company": _company().name})
    message = Message(
        message_id=0,
        template="system.test",
        channel=Channel.EMAIL,
        recipient=recipient,
        subject=wording.subject,
        body=wording.body,
        reference="",
        status=MessageStatus.QUEUED,
        attempts=1,
        next_try_at=None,
        queued_at=now,
        sent_at=None,
        proof="",
        error="",
    )
    proof = transports.send(message)
    audit.record(action="notifications.mail.test", subject="mail_server")
    return proof


def _company() -> tenancy.Tenant:
    return tenancy.Tenant.objects.get(id=tenancy.current_id())


def _quiet(now: datetime) -> bool:
    company = _company()
    start, end = company.settings.get("quiet_hours", ["21:00", "08:00"])
    local = now.astimezone(ZoneInfo(company.time_zone))
    return core.is_quiet(local, start=time.fromisoformat(start), end=time.fromisoformat(end))
