"""``bill``: runs, previews, corrections."""

from datetime import datetime
from json import dumps
from pathlib import Path
from typing import Annotated

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit, progress
from metercash.interfaces.cli.staff import TenantCode
from metercash.interfaces.cli.tenants import Json
from metercash.kernel.errors import NotFound
from metercash.kernel.interval import Interval


group = typer.Typer(help="Bill runs and bills.", no_args_is_help=True)
By = Annotated[str, typer.Option(help="User name of who answers for it")]
DayOption = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="bill")


@group.command("run")
def run(
    since: DayOption,
    until: DayOption,
    due: DayOption,
    commodity: Annotated[str, typer.Option(help="HEAT or POWER")] = "HEAT",
    purpose: Annotated[
        str, typer.Option(help="REGULAR, or another word for a second run")
    ] = "REGULAR",
    plan: Annotated[
        str | None, typer.Option(help="with --purpose SETTLEMENT: the plan to settle by")
    ] = None,
    of: Annotated[str | None, typer.Option(help="only the accounts of this plan")] = None,
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Bill every account for a period; started again after a break it goes on where it stopped."""
    with start.working_for(tenant):
        from metercash.contexts.billing import api

        summary = api.create_run(
            period=Interval(since.date(), until.date()),
            purpose=purpose,
            settlement_plan=plan,
            plan_code=of,
            commodity=commodity,
            due_date=due.date(),
            now=start.now(),
        )
        with progress("出账", as_json=json) as advance:
            summary = api.execute_run(
                run_id=summary.run_id,
                now=start.now(),
                on_progress=lambda state: advance(state.done, state.total),
            )
    emit(summary, as_json=json, title="出账结果")


@group.command("resume")
def resume(run_id: int, tenant: TenantCode = None, json: Json = False) -> None:
    """Go on with a run that was interrupted."""
    with start.working_for(tenant):
        from metercash.contexts.billing import api

        emit(api.execute_run(run_id=run_id, now=start.now()), as_json=json, title="出账结果")


@group.command("preview")
def preview(
    account_no: str,
    since: DayOption,
    until: DayOption,
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Show the bill an account would get under each agreement, by the code that makes real bills."""
    with start.working_for(tenant):
        from metercash.contexts.billing import api
        from metercash.contexts.customers import api as customers

        account = customers.get_account_by_no(account_no=account_no)
        bills = api.preview(
            account_id=account.account_id,
            period=Interval(since.date(), until.date()),
            now=start.now(),
        )
        emit(bills if json or len(bills) > 1 else bills[0], as_json=json, title="试算")


@group.command("show")
def show(bill_id: int, tenant: TenantCode = None, json: Json = False) -> None:
    """Show one bill with every line explained."""
    with start.working_for(tenant):
        from metercash.contexts.billing import api

        emit(api.get_bill(bill_id=bill_id), as_json=json, title=f"账单 {bill_id}")


@group.command("pdf")
def pdf(bill_id: int, file: Path, tenant: TenantCode = None) -> None:
    """Write one bill as PDF."""
    with start.working_for(tenant):
        from metercash.contexts.billing import api

        file.write_bytes(api.bill_pdf(bill_id=bill_id))


@group.command("proof")
def proof(bill_id: int, file: Path, tenant: TenantCode = None) -> None:
    """Write one bill with all it was made from, for ``verify-bill`` or an auditor."""
    with start.working_for(tenant):
        from metercash.contexts.billing import api

        document = dumps(api.proof(bill_id=bill_id), ensure_ascii=False, indent=1)
    file.write_text(document, encoding="utf-8")


@group.command("reverse")
def reverse(
    bill_id: int,
    reason: Annotated[str, typer.Option(help="Shown to the customer and kept for ever")],
    by: By,
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Reverse a posted bill; what was paid on it returns to the customer's balance."""
    with start.working_for(tenant):
        from metercash.contexts.billing import api

        api.reverse_bill(bill_id=bill_id, reason=reason, now=start.now(), by=_user_id(by))
        emit({"reversed": bill_id}, as_json=json)


@group.command("rebill")
def rebill(bill_id: int, by: By, tenant: TenantCode = None, json: Json = False) -> None:
    """Bill a reversed bill's period again with today's data."""
    with start.working_for(tenant):
        from metercash.contexts.billing import api

        emit(
            {"bill_id": api.rebill(bill_id=bill_id, now=start.now(), by=_user_id(by))}, as_json=json
        )


def _user_id(username: str) -> int:
    from metercash.platform.access import api

    for user in api.list_users():
        if user.username == username:
            return user.user_id
    raise NotFound(what=f"用户 {username}")
