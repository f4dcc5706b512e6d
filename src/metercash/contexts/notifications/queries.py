"""Messages as contracts."""

from metercash.contexts.notifications import models
from metercash.contexts.notifications.contracts import Message
from metercash.platform import db
from metercash.platform.paging import Page, window


def to_message(row: models.Message) -> Message:
    """A row as its contract."""
    return Message(
        message_id=row.id,
        template=row.template,
        channel=row.channel,
        recipient=row.recipient,
        subject=row.subject,
        body=row.body,
        reference=row.reference,
        status=row.status,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        queued_at=row.queued_at,
        sent_at=row.sent_at,
        proof=row.proof,
        error=row.error,
    )


@db.transaction_required
def messages(*, status: str | None, reference: str, page: int, per_page: int) -> Page[Message]:
    """Messages, newest first; ``reference`` matches by its beginning."""
    rows = models.Message.objects.order_by("-id")
    if status:
        rows = rows.filter(status=status)
    if reference:
        rows = rows.filter(reference__startswith=reference)
    items = [to_message(row) for row in rows[window(page, per_page)]]
    return Page(items, rows.count(), page, per_page)
