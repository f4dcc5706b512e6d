"""``serve``, ``worker`` and ``migrate``."""

import os
import sys
from typing import Annotated

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit, errors


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(worker)
    app.command()(migrate)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on")] = 8000,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Serving processes")] = 2,
) -> None:
    """Serve the web pages and the API; refuses when the wall between tenants does not stand."""
    start.migrated_database()
    refuse_without_walls()
    command = server_command(host=host, port=port, processes=processes)
    # In the place of this process, so that a signal to it reaches the server.
    os.execv(command[0], command)  # noqa: S606 - its own interpreter, without a shell


def server_command(*, host: str, port: int, processes: int) -> list[str]:
    """The command line of the serving program."""
    return [
        sys.executable, "-m", "gunicorn", "metercash.project.wsgi:application",
        "--bind", f"{host}:{port}", "--workers", str(processes), "--worker-class", "gthread",
        "--threads", "4", "--timeout", "120", "--graceful-timeout", "20", "--log-level", "warning",
    ]  # fmt: skip


def refuse_without_walls() -> None:
    """Exit with 1 and the reasons if the database would let tenants see each other."""
    from django.db import connection

    from metercash.project import walls_check

    problems = walls_check.problems(connection)
    if problems:
        for problem in problems:
            errors.print(f"拒绝启动 / refused: {problem}", markup=False)
        raise typer.Exit(1)


def worker() -> None:
    """Run background jobs until stopped; start as many as wanted, on any machine."""
    start.database()
    refuse_without_walls()
    from django.core.management import call_command

    # Two at a time, so that a long bill run leaves room for the routines; what is done is not kept,
    # since routines alone make thousands of jobs a day.
    call_command("procrastinate", "worker", "--concurrency", "2", "--delete-jobs", "successful")


def migrate(json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False) -> None:
    """Bring the database to the form this version expects."""
    start.migrated_database()
    emit({"migrated": True, "pid": os.getpid()}, as_json=json)
