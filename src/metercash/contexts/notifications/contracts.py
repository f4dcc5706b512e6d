"""What notifications say to others: channels, messages and failures."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from metercash.kernel.errors import MetercashError


class Channel(StrEnum):
    """How a message travels."""

    SMS = "SMS"
    WECHAT = "WECHAT"
    EMAIL = "EMAIL"
    PAPER = "PAPER"


class MessageStatus(StrEnum):
    """Where a message stands."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Template:
    """The wording of one kind of message; format strings over the context.

    Attributes:
        urgent: Goes out in quiet hours as well.
    """

    subject: str
    body: str
    urgent: bool = False


class Transport(StrEnum):
    """Where e-mail is handed over."""

    CONSOLE = "CONSOLE"
    FILE = "FILE"
    SMTP = "SMTP"


class Security(StrEnum):
    """How the way to the mail server is protected."""

    NONE = "NONE"
    STARTTLS = "STARTTLS"
    TLS = "TLS"


@dataclass(frozen=True, slots=True)
class MailSetup:
    """How the tenant's e-mail leaves; without the password.

    Attributes:
        has_password: Whether one is stored, encrypted.
    """

    transport: str = Transport.FILE
    host: str = ""
    port: int = 587
    security: str = Security.STARTTLS
    username: str = ""
    sender: str = ""
    reply_to: str = ""
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message and its proof of delivery."""

    message_id: int
    template: str
    channel: str
    recipient: str
    subject: str
    body: str
    reference: str
    status: str
    attempts: int
    next_try_at: datetime | None
    queued_at: datetime
    sent_at: datetime | None
    proof: str
    error: str


class TemplateUnknown(MetercashError):
    """No template has the name."""

    code = "notifications.template_unknown"
    status = 500
    message_zh = "没有名为“{template}”的通知模板。"
    message_en = "There is no notification template '{template}'."


class ContextIncomplete(MetercashError):
    """The template needs a word the context lacks."""

    code = "notifications.context_incomplete"
    status = 500
    message_zh = "通知模板“{template}”缺少“{word}”。"
    message_en = "Template '{template}' lacks '{word}'."


class RecipientMissing(MetercashError):
    """There is no address to send to."""

    code = "notifications.recipient_missing"
    status = 422
    message_zh = "没有可用的接收地址。"
    message_en = "There is no address to send to."


class TransportFailed(MetercashError):
    """The message could not be handed over; it may be tried again."""

    code = "notifications.transport_failed"
    status = 502
    message_zh = "通知发送失败：{reason}"
    message_en = "The message could not be sent: {reason}"


class MailSetupRefused(MetercashError):
    """A part of the mail settings cannot be used."""

    code = "notifications.mail_setup_refused"
    status = 422
    message_zh = "邮件设置“{field}”不正确：{reason}"
    message_en = "The mail setting '{field}' is not usable: {reason}"
