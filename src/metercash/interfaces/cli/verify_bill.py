"""``verify-bill``: bills made again by the second calculator; needs no database."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.tenants import Json
from metercash.proof import __main__ as calculator


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify-bill")(verify_bill)


def verify_bill(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, metavar="FILE...")],
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language of the sentences")] = "zh",
    json: Json = False,
) -> None:
    """Recompute bills from their price documents and facts; exit code 1 if anything differs."""
    verified = [*calculator.results([str(file) for file in files])]
    english = lang == "en"
    if json:
        told = [
            {"bill_no": name, "agrees": not found, "differences": [one[english] for one in found]}
            for name, found in verified
        ]
        emit(told, as_json=True)
    else:
        for line in calculator.report(verified, in_english=english):
            typer.echo(line)
    if not verified or any(found for _, found in verified):
        raise typer.Exit(1)
