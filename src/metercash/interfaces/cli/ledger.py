"""``ledger``: proof that the books are right."""

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.staff import TenantCode
from metercash.interfaces.cli.tenants import Json


group = typer.Typer(help="The general ledger.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="ledger")


@group.command("verify")
def verify(tenant: TenantCode = None, json: Json = False) -> None:
    """Recompute every sum and projection from the postings; exit code 3 if anything differs."""
    with start.working_for(tenant):
        from metercash.contexts.ledger import api

        report = api.verify()
    emit(report, as_json=json, title="总账校验")
    if not report.ok:
        raise typer.Exit(3)
