"""``doctor``: what this installation looks like from inside."""

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.output import emit
from metercash.interfaces.cli.tenants import Json


DISK_FREE_MIN = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    check: str
    ok: bool
    detail: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(json: Json = False) -> None:
    """Check database, walls, disk, fonts and routines; exit code 3 if something needs mending."""
    findings = list(_findings())
    emit(findings, as_json=json, title="体检")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(3)


def _findings() -> Iterator[Finding]:
    yield Finding("python", ok=True, detail=platform.python_version())
    start.migrated_database()
    from django.conf import settings
    from django.db import connection

    from metercash.project import walls_check

    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        yield Finding("postgresql", ok=True, detail=cursor.fetchone()[0])
    problems = walls_check.problems(connection)
    yield Finding("tenant walls", ok=not problems, detail="; ".join(problems) or "standing")
    free = shutil.disk_usage(settings.METERCASH_HOME).free
    yield Finding("disk", ok=free > DISK_FREE_MIN, detail=f"{free / 1024**3:.1f} GiB free")
    fonts = list(Path("/usr/share/fonts").rglob("*CJK*"))
    yield Finding("CJK font for bills", ok=bool(fonts), detail=fonts[0].name if fonts else "none")
    yield from _routines()


def _routines() -> Iterator[Finding]:
    from metercash.platform.jobs import schedule

    standing = schedule.standing()
    if not standing:
        yield Finding("routines", ok=True, detail="no worker has run yet")
    for row in standing:
        if row.failures:
            detail = (
                f"failed {row.failures} times, last {row.failed_at:%Y-%m-%d %H:%M}: {row.error}"
            )
            yield Finding(f"{row.name} of {row.tenant}", ok=False, detail=detail)
    if standing and not any(row.failures for row in standing):
        latest = max(row.done_at for row in standing if row.done_at)
        yield Finding("routines", ok=True, detail=f"last done {latest:%Y-%m-%d %H:%M} UTC")
