"""``metercash``: every command, its help and its exit codes.

Exit codes: 0 done; 1 refused, with the reason; 2 wrong usage; 3 a check found a difference.
"""

import sys

import typer

from metercash.interfaces.cli import (
    bill,
    customers,
    demo,
    doctor,
    late_fees,
    ledger,
    money,
    readings,
    serve,
    simulate,
    staff,
    tariff,
    tenants,
    tokens,
    verify_bill,
)
from metercash.interfaces.cli.output import errors
from metercash.kernel.errors import MetercashError


app = typer.Typer(
    name="metercash",
    help="应收尽收：从抄表到入账。From the meter to the money in the bank.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)
for module in (
    serve,
    tenants,
    customers,
    readings,
    bill,
    money,
    late_fees,
    ledger,
    staff,
    tokens,
    tariff,
    doctor,
    simulate,
    verify_bill,
):
    module.register(app)
demo.register(app)


def run() -> None:
    """Run the command named by the arguments; an expected failure prints its sentence and exits with 1."""
    try:
        app()
    except MetercashError as error:
        errors.print(f"{error.chinese}\n{error.english}\n[{error.code}]", markup=False)
        sys.exit(1)
