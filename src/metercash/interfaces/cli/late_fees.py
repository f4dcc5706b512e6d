"""``late-fee``: the company's late-fee policy and a pass over overdue bills."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.readings import Day
from metercash.interfaces.cli.staff import TenantCode
from metercash.interfaces.cli.tenants import Json
from metercash.kernel.errors import InvalidInput
from metercash.kernel.money import Money


group = typer.Typer(help="Late fees.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="late-fee")


@group.command("policy")
def policy(tenant: TenantCode = None, json: Json = False) -> None:
    """Show every version of the policy, latest first, with its citation."""
    with start.working_for(tenant):
        from metercash.contexts.collections import api

        emit(api.list_policies(), as_json=json, title="违约金政策")


@group.command("adopt")
def adopt(
    effective_from: Day,
    rate: Annotated[str, typer.Option(help="Thousandths of the unpaid principal per day")],
    citation: Annotated[str, typer.Option(help="Document or contract clause it rests on")],
    start_days: Annotated[int, typer.Option(help="First day of the fee after the due date")] = 1,
    cap: Annotated[str, typer.Option(help="Highest fee as a share of the principal")] = "",
    minimum: Annotated[str, typer.Option(help="Lowest fee in yuan")] = "0",
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Adopt terms for bills due from a day on; what was charged already stays as it is."""
    with start.working_for(tenant):
        from metercash.contexts.collections import api
        from metercash.contexts.collections.contracts import PolicyTerms
        from metercash.platform import audit

        terms = PolicyTerms(
            rate_per_mille_per_day=_decimal("rate", rate),
            start_days=start_days,
            cap_of_principal=_decimal("cap", cap) if cap else None,
            minimum_fen=Money.from_yuan(minimum).fen,
        )
        api.adopt_policy(
            terms=terms,
            effective_from=effective_from.date(),
            citation=citation,
            approved_by=audit.current_actor().name,
        )
        emit(api.list_policies(), as_json=json, title="违约金政策")


@group.command("accrue")
def accrue(day: Day, tenant: TenantCode = None, json: Json = False) -> None:
    """Charge late fees up to and including a day; the worker does this each night."""
    with start.working_for(tenant):
        from metercash.contexts.collections import api

        emit(api.accrue_late_fees(as_of=day.date(), now=start.now()), as_json=json)


def _decimal(field: str, text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput(field=field, reason="应为数字") from error
