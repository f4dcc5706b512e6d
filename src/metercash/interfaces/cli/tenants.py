"""``tenant``: the companies served."""

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
