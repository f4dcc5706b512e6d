"""The tenant's mail server: kept, checked, and with its password sealed."""

from datetime import datetime

from metercash.contexts.notifications import models
from metercash.contexts.notifications.contracts import (
    MailSetup,
    MailSetupRefused,
    Security,
    Transport,
)
from metercash.platform import audit, db, sealing, tenancy


PURPOSE = "smtp.password"
PORT_MAX = 65_535


@db.transaction_required
def setup() -> MailSetup:
    """The settings as contract; see ``api.mail_setup``."""
    row = models.MailServer.objects.first()
    if row is None:
        return MailSetup()
    return MailSetup(
        transport=row.transport,
        host=row.host,
        port=row.port,
        security=row.security,
        username=row.username,
        sender=row.sender,
        reply_to=row.reply_to,
        has_password=bool(row.sealed_password),
    )


@db.transaction_required
def password() -> str:
    """The stored password, empty without one; for the transport alone."""
    row = models.MailServer.objects.first()
    if row is None or not row.sealed_password:
        return ""
    return sealing.unseal(row.sealed_password, purpose=PURPOSE).decode()


@db.transaction_required
def configure(wanted: MailSetup, *, password: str | None, now: datetime) -> MailSetup:
    """Check and keep the settings; see ``api.configure_mail``."""
    _check(wanted)
    values: dict[str, object] = {
        "transport": wanted.transport,
        "host": wanted.host,
        "port": wanted.port,
        "security": wanted.security,
        "username": wanted.username,
        "sender": wanted.sender,
        "reply_to": wanted.reply_to,
        "changed_at": now,
    }
    if password is not None:
        sealed = sealing.seal(password.encode(), purpose=PURPOSE) if password else ""
        values["sealed_password"] = sealed
    models.MailServer.objects.update_or_create(tenant_id=tenancy.current_id(), defaults=values)
    audit.record(
        action="notifications.mail.configure",
        subject="mail_server",
        detail={
            "transport": wanted.transport,
            "host": wanted.host,
            "port": wanted.port,
            "security": wanted.security,
            "password_changed": password is not None,
        },
    )
    return setup()


def _check(wanted: MailSetup) -> None:
    _require("transport", wanted.transport in set(Transport), "应为 CONSOLE、FILE 或 SMTP")
    _require("security", wanted.security in set(Security), "应为 NONE、STARTTLS 或 TLS")
    for name in ("host", "username", "sender", "reply_to"):
        value = getattr(wanted, name)
        _require(name, value.isprintable() and len(value) <= 200, "含有不可用的字符或过长")
    if wanted.transport == Transport.SMTP:
        _require("host", bool(wanted.host) and " " not in wanted.host, "请填写邮件服务器")
        _require("port", 0 < wanted.port <= PORT_MAX, "应为 1 到 65535")
        _require("sender", "@" in wanted.sender, "应为邮箱地址")
        _require("reply_to", not wanted.reply_to or "@" in wanted.reply_to, "应为邮箱地址")


def _require(field: str, holds: bool, reason: str) -> None:  # noqa: FBT001
    if not holds:
        raise MailSetupRefused(field=field, reason=reason)
