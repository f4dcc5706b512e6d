"""The front door of notifications."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from time import perf_counter

from metercash.contexts.notifications import queries
from metercash.contexts.notifications.contracts import MailSetup, Message, TransportFailed
from metercash.contexts.notifications.operations import mail, outgoing, transports
from metercash.platform import db
from metercash.platform.paging import Page


@db.transaction()
def send(
    *,
    template: str,
    channel: str,
    recipient: str,
    context: Mapping[str, object],
    reference: str,
    now: datetime,
) -> int:
    """Queue a message with the caller's data; it goes out with :func:`deliver_pending`.

    A template goes to a reference once: calling again returns the first message's id.

    Args:
        template: A name in ``core.TEMPLATES``; ``company`` is filled in by itself.
        reference: What the message is about, such as ``reminder:42:2026-01-20``.

    Raises:
        RecipientMissing: if there is no address.
        TemplateUnknown, ContextIncomplete: if the wording cannot be made.
    """
    return outgoing.queue(
        template=template,
        channel=channel,
        recipient=recipient,
        context=context,
        reference=reference,
        now=now,
    )


def deliver_pending(*, now: datetime) -> int:
    """Send what waits, one by one; in quiet hours only urgent messages.

    No transaction is open while a mail server takes its time, and no two senders take one message. One that
    fails stays queued and is tried again after 1, 5, 25 and 125 minutes; then it is FAILED.

    Returns:
        How many went out.
    """
    began, sent = perf_counter(), 0
    for _ in range(outgoing.DELIVERY_LIMIT):
        claimed_at = now + timedelta(seconds=perf_counter() - began)
        with db.transaction():
            claimed = outgoing.claim_next(now=claimed_at)
        if claimed is None:
            break
        message, route = claimed
        proof = failure = ""
        try:
            proof = transports.send(message, route)
            sent += 1
        except TransportFailed as error:
            failure = error.chinese
        with db.transaction():
            outgoing.settle(message, proof=proof, failure=failure, now=now)
    return sent


@db.transaction()
def list_messages(
    *, status: str | None = None, reference: str = "", page: int = 1, per_page: int = 50
) -> Page[Message]:
    """Messages, newest first; ``reference`` matches by its beginning."""
    return queries.messages(status=status, reference=reference, page=page, per_page=per_page)


@db.transaction()
def mail_setup() -> MailSetup:
    """How the tenant's e-mail leaves; files in the installation's home unless set otherwise."""
    return mail.setup()


@db.transaction()
def configure_mail(*, setup: MailSetup, password: str | None, now: datetime) -> MailSetup:
    """Set how the tenant's e-mail leaves; the password is stored encrypted and never shown.

    Args:
        password: None keeps the stored one, empty forgets it.

    Raises:
        MailSetupRefused: if a setting cannot be used, with its name.
    """
    return mail.configure(setup, password=password, now=now)


def send_test(*, recipient: str, now: datetime) -> str:
    """Hand a test mail over now, outside the queue, with the tenant's settings.

    Returns:
        Proof of delivery.

    Raises:
        RecipientMissing: if there is no address.
        TransportFailed: with the server's own words if it refuses.
    """
    with db.transaction():
        message, route = outgoing.test_message(recipient, now=now)
    return transports.send(message, route)
