"""``user``: staff users and their first sign-in."""

from typing import Annotated

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.tenants import Json
from metercash.kernel.errors import InvalidInput


group = typer.Typer(help="Staff users.", no_args_is_help=True)
TenantCode = Annotated[str | None, typer.Option("--tenant", help="Company code")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="user")


@group.command("add")
def add(
    username: str,
    display_name: str,
    roles: Annotated[
        list[str] | None, typer.Option("--role", help="Repeat for several roles")
    ] = None,
    first: Annotated[
        bool, typer.Option("--first", help="The company's first user, a system administrator")
    ] = False,
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Add a user and print the address where the person sets a password once, within 24 hours."""
    with start.working_for(tenant):
        from django.conf import settings

        from metercash.platform.access import Role, api

        roles = list(roles or ())
        if first:
            if roles or api.list_users():
                raise InvalidInput(field="first", reason="只用于尚无用户的单位，且不与 --role 同用")
            roles = [Role.SYSTEM_ADMIN]
        elif not roles:
            raise InvalidInput(field="role", reason=f"请至少给一个角色：{'、'.join(Role)}")
        unknown = sorted(set(roles) - set(Role))
        if unknown:
            raise InvalidInput(field="role", reason=f"{unknown}；可用：{'、'.join(Role)}")
        user = api.create_user(
            username=username,
            display_name=display_name,
            roles=[Role(role) for role in roles],
            password=None,
        )
        token = api.issue_one_time_token(user_id=user.user_id, now=start.now())
        base = settings.METERCASH_BASE_URL
    address = f"{base}/console/first-password/{token}/"
    emit({"user": user, "first_password": address}, as_json=json)


@group.command("list")
def list_users(tenant: TenantCode = None, json: Json = False) -> None:
    """List the users of a company."""
    with start.working_for(tenant):
        from metercash.platform.access import api

        emit(api.list_users(), as_json=json, title="用户")
