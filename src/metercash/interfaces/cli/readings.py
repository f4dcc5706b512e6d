"""``readings``: what the meters said."""

from datetime import datetime
from typing import Annotated

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.staff import TenantCode
from metercash.interfaces.cli.tenants import Json
from metercash.kernel.interval import Interval


group = typer.Typer(help="Readings and how complete they are.", no_args_is_help=True)
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="YYYY-MM-DD")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="readings")


@group.command("rate")
def rate(day: Day, tenant: TenantCode = None, json: Json = False) -> None:
    """How many meters were read on a day, and how many values are estimates."""
    with start.working_for(tenant):
        from metercash.contexts.metering import api

        emit(api.collection_rate(day=day.date()), as_json=json, title="采集成功率")


@group.command("curve")
def curve(
    account_no: str, since: Day, until: Day, tenant: TenantCode = None, json: Json = False
) -> None:
    """The quarter-hours of one account from ``since`` up to, not including, ``until``."""
    with start.working_for(tenant):
        from metercash.contexts.customers import api as customers
        from metercash.contexts.metering import api

        account = customers.get_account_by_no(account_no=account_no)
        points = api.curve(
            service_point_id=account.service_point_id,
            period=Interval(since.date(), until.date()),
        )
        emit(points, as_json=json, title=f"{account_no} 曲线")


@group.command("announce")
def announce(
    name: str,
    day: Day,
    evidence: Annotated[str, typer.Option(help="Who announced it, and where it can be read")],
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Record that something, such as ``hot``, was announced for a day; calendars that ask for it count it."""
    with start.working_for(tenant):
        from metercash.contexts.metering import api

        made = api.announce_day(name=name, day=day.date(), evidence=evidence, now=start.now())
    emit({"announcement_id": made}, as_json=json)


@group.command("announcements")
def announcements(since: Day, until: Day, tenant: TenantCode = None, json: Json = False) -> None:
    """What stands announced from ``since`` up to, not including, ``until``."""
    with start.working_for(tenant):
        from metercash.contexts.metering import api

        found = api.announcements(period=Interval(since.date(), until.date()))
    emit(found, as_json=json, title="公布事项")


@group.command("withdraw")
def withdraw(
    announcement_id: int,
    note: Annotated[str, typer.Option(help="Why it is withdrawn")],
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Withdraw an announcement; bills made by it stay until they are made again."""
    with start.working_for(tenant):
        from metercash.contexts.metering import api

        api.withdraw_announcement(announcement_id=announcement_id, note=note, now=start.now())
    emit({"withdrawn": announcement_id}, as_json=json)
