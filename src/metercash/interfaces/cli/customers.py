"""``import``: customers from Excel or CSV."""

from pathlib import Path
from typing import Annotated

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit, errors
from metercash.interfaces.cli.staff import TenantCode
from metercash.interfaces.cli.tenants import Json


group = typer.Typer(help="Bring in customers and interval readings.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="import")


@group.command("customers")
def customers(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Excel or CSV file")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only, write nothing")] = False,
    error_file: Annotated[
        Path | None, typer.Option(help="Where to write the sheet with the errors marked")
    ] = None,
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Import customers; wrong rows are named one by one and nothing is written while there are any."""
    with start.working_for(tenant):
        from metercash.contexts.customers import api

        content = file.read_bytes()
        report = api.import_file(
            content=content, filename=file.name, dry_run=dry_run, now=start.now()
        )
        if report.errors and error_file is not None:
            error_file.write_bytes(
                api.error_workbook(content=content, filename=file.name, report=report)
            )
    emit(report, as_json=json, title="导入结果")
    if report.errors:
        if not json:
            errors.print(f"{len(report.errors)} 处错误，未写入。请改正后重新导入。")
        raise typer.Exit(3)


@group.command("readings")
def readings(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV, Parquet or Excel")
    ],
    tenant: TenantCode = None,
    json: Json = False,
) -> None:
    """Import interval readings."""
    with start.working_for(tenant):
        from metercash.contexts.metering import api

        report = api.import_intervals(
            content=file.read_bytes(), filename=file.name, now=start.now()
        )
    emit(report, as_json=json, title="读数导入")
    if report.errors:
        raise typer.Exit(3)


@group.command("template")
def template(
    file: Annotated[Path, typer.Argument(help="Where to write the workbook")],
) -> None:
    """Write the empty customer workbook to fill in."""
    start.database()
    from metercash.contexts.customers import api

    file.write_bytes(api.import_template())
