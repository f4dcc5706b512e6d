"""``pay`` and ``reconcile``."""

from typing import Annotated

import typer

from metercash.interfaces.cli import providers, start
from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.readings import Day
from metercash.interfaces.cli.staff import TenantCode
from metercash.interfaces.cli.tenants import Json
from metercash.kernel.money import Money


group = typer.Typer(help="Payments.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    providers.register(group)
    app.add_typer(group, name="pay")
    app.command("reconcile")(reconcile)


@group.command("order")
def order(
    account_no: str,
    amount: Annotated[str, typer.Option(help="Yuan, for example 123.45")],
    key: Annotated[str, typer.Option(help="Idempotency key: the same key never orders twice")],
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Open a WeChat Pay order and print the code to scan."""
    with start.working_for(tenant):
        from metercash.contexts.customers import api as customers
        from metercash.contexts.payments import api

        account = customers.get_account_by_no(account_no=account_no)
        opened = api.create_order(
            account_id=account.account_id,
            fen=Money.from_yuan(amount).fen,
            provider="WECHAT",
            idempotency_key=f"cli:{key}",
            now=start.now(),
        )
        emit(opened, as_json=json, title="订单")


@group.command("status")
def status(order_no: str, tenant: TenantCode = None, json: Json = False) -> None:
    """Ask the provider what became of an order."""
    with start.working_for(tenant):
        from metercash.contexts.payments import api

        emit(api.poll_order(order_no=order_no, now=start.now()), as_json=json, title="订单")


@group.command("list")
def list_payments(tenant: TenantCode = None, json: Json = False) -> None:
    """The latest payments of every channel."""
    with start.working_for(tenant):
        from metercash.contexts.payments import api

        emit(api.list_payments().items, as_json=json, title="收款")


def reconcile(
    day: Day,
    provider: Annotated[str, typer.Option(help="Channel")] = "WECHAT",
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Fetch a channel's statement of a day and compare it with our books, line by line."""
    with start.working_for(tenant):
        from metercash.contexts.payments import api

        result = api.reconcile(provider=provider, day=day.date(), now=start.now())
    emit(result, as_json=json, title="对账结果")
    if result.breaks:
        raise typer.Exit(3)
