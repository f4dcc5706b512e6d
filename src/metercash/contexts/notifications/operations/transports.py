"""Handing a message over: to a mail server, or to a file in the installation's home."""

import json
import smtplib
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from metercash.contexts.notifications.contracts import Channel, Message, TransportFailed
from metercash.platform import tenancy


TIMEOUT_S = 20


def send(message: Message) -> str:
    """Hand the message over.

    Returns:
        Proof of delivery: the mail's Message-ID, or the file and line it was written to.

    Raises:
        TransportFailed: if nobody took it.
    """
    address = settings.METERCASH_SMTP_URL
    if message.channel == Channel.EMAIL and address:
        return _by_mail(message, address)
    return _to_file(message)


def _by_mail(message: Message, address: str) -> str:
    parts = urlsplit(address)
    mail = EmailMessage()
    mail["From"] = unquote(parts.username or f"noreply@{parts.hostname}")
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    # The same message tried twice carries the same id, so that a mail server can drop the second.
    mail["Message-ID"] = (
        f"<{tenancy.current_id()}.{message.message_id}@{parts.hostname or 'metercash'}>"
    )
    mail.set_content(message.body)
    try:
        with smtplib.SMTP(parts.hostname or "", parts.port or 25, timeout=TIMEOUT_S) as server:
            if parts.scheme == "smtp+starttls":
                server.starttls()
            if parts.password:
                server.login(unquote(parts.username or ""), unquote(parts.password))
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise TransportFailed(reason=f"{type(error).__name__}: {error}"[:300]) from error
    return str(mail["Message-ID"])


def _to_file(message: Message) -> str:
    folder = Path(settings.METERCASH_HOME) / "outbox" / str(tenancy.current_id())
    file = folder / f"{message.channel.lower()}.jsonl"
    line = {
        "id": message.message_id,
        "to": message.recipient,
        "subject": message.subject,
        "body": message.body,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise TransportFailed(reason=str(error)[:300]) from error
    return f"{file.name}:{message.message_id}"
