"""``token``: keys for programs that use the JSON API."""

from datetime import timedelta
from typing import Annotated

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.staff import TenantCode
from metercash.interfaces.cli.tenants import Json


group = typer.Typer(help="Keys for programs that use the API.", no_args_is_help=True)
DAYS_MAX = 3650


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="token")


@group.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Which program it is for")],
    scopes: Annotated[
        list[str], typer.Option("--scope", help="Repeat for several, for example billing:read")
    ],
    days: Annotated[
        int, typer.Option(min=1, max=DAYS_MAX, help="After how many days it ends")
    ] = 365,
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Make a token and print it; it is shown this once and only its hash is stored."""
    with start.working_for(tenant):
        from metercash.platform.access import api

        expires_at = start.now() + timedelta(days=days)
        token = api.issue_api_token(name=name, scopes=scopes, expires_at=expires_at)
    emit({"token": token, "expires_at": expires_at}, as_json=json)


@group.command("list")
def list_tokens(tenant: TenantCode = None, json: Json = False) -> None:
    """List the tokens of a company with their scopes; never the tokens themselves."""
    with start.working_for(tenant):
        from metercash.platform.access import api

        emit(api.list_api_tokens(), as_json=json, title="接口令牌")


@group.command("revoke")
def revoke(token_id: int, tenant: TenantCode = None, json: Json = False) -> None:
    """End a token at once."""
    with start.working_for(tenant):
        from metercash.platform.access import api

        api.revoke_api_token(token_id=token_id, now=start.now())
    emit({"revoked": token_id}, as_json=json)
