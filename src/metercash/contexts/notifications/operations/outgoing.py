"""Queuing messages and delivering what waits."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from metercash.contexts.notifications import core, models, queries
from metercash.contexts.notifications.contracts import (
    Channel,
    Message,
    MessageStatus,
    RecipientMissing,
)
from metercash.contexts.notifications.operations import transports
from metercash.contexts.notifications.operations.transports import Route
from metercash.platform import audit, db, tenancy


DELIVERY_LIMIT = 1000
CLAIM = timedelta(minutes=5)
"""Longer than every step of a slow mail server together."""


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
def claim_next(*, now: datetime) -> tuple[Message, Route] | None:
    """Take the next waiting message for ``CLAIM``, in which nobody else takes it; None if none waits.

    A sender that dies leaves the message queued, and it is taken again when the claim has run out.
    """
    rows = models.Message.objects.select_for_update(skip_locked=True).order_by("id")
    rows = rows.filter(status=MessageStatus.QUEUED)
    rows = rows.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
    if _quiet(now):
        rows = rows.filter(urgent=True)
    row = rows.first()
    if row is None:
        return None
    row.attempts += 1
    row.next_try_at = now + CLAIM
    row.save(update_fields=["attempts", "next_try_at"])
    return queries.to_message(row), transports.route(row.channel)


@db.transaction_required
def settle(message: Message, *, proof: str, failure: str, now: datetime) -> None:
    """Record what became of a claimed message, unless somebody has claimed it anew since."""
    if proof:
        outcome = {"status": MessageStatus.SENT, "sent_at": now, "next_try_at": None}
    else:
        again = core.next_try(attempts=message.attempts, now=now)
        status = MessageStatus.QUEUED if again else MessageStatus.FAILED
        outcome = {"status": status, "next_try_at": again}
    models.Message.objects.filter(
        id=message.message_id, attempts=message.attempts, status=MessageStatus.QUEUED
    ).update(**outcome, proof=proof, error=failure[:400])


@db.transaction_required
def test_message(recipient: str, *, now: datetime) -> tuple[Message, Route]:
    """A test mail outside the queue, and the way it leaves; see ``api.send_test``."""
    if "@" not in recipient:
        raise RecipientMissing
    wording = core.render("system.test", {"company": _company().name})
    audit.record(action="notifications.mail.test", subject="mail_server")
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
    return message, transports.route(Channel.EMAIL)


def _company() -> tenancy.Tenant:
    return tenancy.Tenant.objects.get(id=tenancy.current_id())


def _quiet(now: datetime) -> bool:
    company = _company()
    start, end = company.settings.get("quiet_hours", ["21:00", "08:00"])
    local = now.astimezone(ZoneInfo(company.time_zone))
    return core.is_quiet(local, start=time.fromisoformat(start), end=time.fromisoformat(end))
