"""Handing a message over: to the tenant's mail server, the console, or a file in the installation's home."""

import json
import smtplib
import ssl
import sys
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from metercash.contexts.notifications.contracts import (
    Channel,
    MailSetup,
    Message,
    Security,
    Transport,
    TransportFailed,
)
from metercash.contexts.notifications.operations import mail as mail_server
from metercash.platform import db, tenancy


TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message is handed over; everything sending needs, so that it needs no database."""

    setup: MailSetup
    password: str = field(default="", repr=False)


@db.transaction_required
def route(channel: str) -> Route:
    """The way messages of a channel leave now."""
    if channel != Channel.EMAIL:
        return Route(MailSetup(transport=Transport.FILE))
    setup = mail_server.setup()
    if setup.transport == Transport.SMTP:
        return Route(setup, mail_server.password())
    if setup.transport == Transport.FILE and settings.METERCASH_SMTP_URL:
        return _of_installation(settings.METERCASH_SMTP_URL)
    return Route(setup)


def send(message: Message, by: Route) -> str:
    """Hand the message over; outside a transaction, since a mail server may take its time.

    Returns:
        Proof of delivery: the mail's Message-ID, or the file and line it was written to.

    Raises:
        TransportFailed: if nobody took it.
    """
    if by.setup.transport == Transport.SMTP:
        return _by_mail(message, by.setup, by.password)
    if by.setup.transport == Transport.CONSOLE:
        return _to_console(message)
    return _to_file(message)


def _of_installation(address: str) -> Route:
    """The installation's own mail server, for tenants that name none."""
    parts = urlsplit(address)
    host, user = parts.hostname or "", unquote(parts.username or "")
    kinds = {"smtp+starttls": Security.STARTTLS, "smtps": Security.TLS}
    setup = MailSetup(
        transport=Transport.SMTP,
        host=host,
        port=parts.port or 25,
        security=kinds.get(parts.scheme, Security.NONE),
        username=user if parts.password else "",
        sender=user or f"noreply@{host}",
    )
    return Route(setup, unquote(parts.password or ""))


def _by_mail(message: Message, setup: MailSetup, password: str) -> str:
    mail = EmailMessage()
    mail["From"] = setup.sender
    mail["To"] = message.recipient
    if setup.reply_to:
        mail["Reply-To"] = setup.reply_to
    mail["Subject"] = message.subject
    # The same message tried twice carries the same id, so that a mail server can drop the second.
    mail["Message-ID"] = f"<{tenancy.current_id()}.{message.message_id}@{setup.host}>"
    mail.set_content(message.body)
    try:
        with _connect(setup) as server:
            if setup.username:
                server.login(setup.username, password)
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refused(code, words) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise TransportFailed(reason=f"{type(error).__name__}: {error}"[:300]) from error
    return str(mail["Message-ID"])


def _refused(code: int, words: bytes | str) -> TransportFailed:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return TransportFailed(reason=f"邮件服务器拒绝（{code}）：{said}"[:300])


def _connect(setup: MailSetup) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if setup.security == Security.TLS:
        return smtplib.SMTP_SSL(setup.host, setup.port, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(setup.host, setup.port, timeout=TIMEOUT_S)
    if setup.security == Security.STARTTLS:
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _to_console(message: Message) -> str:
    text = f"To: {message.recipient}\nSubject: {message.subject}\n\n{message.body}\n"
    sys.stderr.write(text)
    return f"console:{message.message_id}"


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
