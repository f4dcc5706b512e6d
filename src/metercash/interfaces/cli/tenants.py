"""``tenant``: the companies served."""

from pathlib import Path
from typing import Annotated

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit
from metercash.kernel.errors import InvalidInput


group = typer.Typer(help="Companies served by this installation.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="tenant")


@group.command("add")
def add(
    code: Annotated[str, typer.Argument(help="Short code used at sign-in, for example beiling")],
    name: Annotated[str, typer.Argument(help="Full name of the company")],
    kind: Annotated[str, typer.Option(help="HEAT or POWER")] = "HEAT",
    json: Json = False,
) -> None:
    """Add a company."""
    start.migrated_database()
    from metercash.platform.tenancy.models import Tenant

    if kind not in {"HEAT", "POWER"}:
        raise InvalidInput(field="kind", reason="应为 HEAT 或 POWER")
    if Tenant.objects.filter(code=code).exists():
        raise InvalidInput(field="code", reason=f"{code} 已存在")
    tenant = Tenant.objects.create(code=code, name=name, kind=kind)
    emit({"id": tenant.id, "code": code, "name": name, "kind": kind}, as_json=json)


@group.command("list")
def list_tenants(json: Json = False) -> None:
    """List the companies."""
    start.migrated_database()
    from metercash.platform.tenancy.models import Tenant

    rows = Tenant.objects.order_by("id").values("id", "code", "name", "kind")
    emit(list(rows), as_json=json, title="租户")


@group.command("mail")
def mail(  # noqa: PLR0913, PLR0917 - one option for each setting
    code: Annotated[str | None, typer.Argument(help="Company code")] = None,
    transport: Annotated[str, typer.Option(help="SMTP, FILE or CONSOLE")] = "SMTP",
    host: Annotated[str, typer.Option(help="Mail server")] = "",
    port: Annotated[int, typer.Option(help="Port: 587 for STARTTLS, 465 for TLS")] = 587,
    security: Annotated[str, typer.Option(help="STARTTLS, TLS or NONE")] = "STARTTLS",
    username: Annotated[str, typer.Option(help="Name at the server")] = "",
    password_file: Annotated[
        Path | None, typer.Option(help="File with the password; without it the stored one stays")
    ] = None,
    sender: Annotated[str, typer.Option(help="Address mails come from")] = "",
    reply_to: Annotated[str, typer.Option(help="Address answers go to")] = "",
    test: Annotated[str, typer.Option(help="Send a test mail to this address")] = "",
    json: Json = False,
) -> None:
    """Set how a company's e-mail leaves; without --host or --transport nothing changes but --test is sent."""
    with start.working_for(code):
        from metercash.contexts.notifications import api
        from metercash.contexts.notifications.contracts import MailSetup

        setup = api.mail_setup()
        if host or transport != "SMTP":
            secret = None if password_file is None else password_file.read_text().strip()
            wanted = MailSetup(transport, host, port, security, username, sender, reply_to)
            setup = api.configure_mail(setup=wanted, password=secret, now=start.now())
        if test:
            api.send_test(recipient=test, now=start.now())
    emit(setup, as_json=json, title="邮件")


@group.command("reminders")
def reminders(
    switch: Annotated[str, typer.Argument(help="on or off")],
    tenant: Annotated[str | None, typer.Option("--tenant", help="Company code")] = None,
    json: Json = False,
) -> None:
    """Let due reminders go out by themselves each day, or not."""
    if switch not in {"on", "off"}:
        raise InvalidInput(field="switch", reason="应为 on 或 off")
    with start.working_for(tenant):
        from metercash.contexts.collections import api

        api.set_reminders_automatic(on=switch == "on")
    emit({"automatic_reminders": switch}, as_json=json)
