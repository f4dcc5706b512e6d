"""One file that holds the whole database, and the way back from it."""

import os
import subprocess
from pathlib import Path

from metercash.platform.postgres import programs, server
from metercash.platform.postgres.errors import PostgresError


class BackupFailed(PostgresError):
    """The backup or the way back did not finish; nothing was changed."""

    code = "platform.postgres.backup_failed"


def backup(home: Path, file: Path) -> None:
    """Write every row of the home's database into one file, as of one instant, while others go on working.

    Raises:
        BackupFailed: with the reason; no file is left then.
    """
    cluster = server.ensure(home)
    draft = file.with_name(f"{file.name}.draft")
    draft.touch(mode=0o600)
    try:
        _run("pg_dump", "--format=custom", f"--file={draft}", dsn=cluster.dsn_superuser)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def restore(home: Path, file: Path) -> None:
    """Replace the home's database by what a backup holds, in one transaction.

    Raises:
        BackupFailed: with the reason; the database is as it was then.
    """
    cluster = server.ensure(home)
    _run(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--single-transaction",
        "--dbname=metercash",
        str(file),
        dsn=cluster.dsn_superuser,
    )


def _run(name: str, *arguments: str, dsn: str) -> None:
    """Run a client program; the address travels in its environment, where nobody else can read it."""
    parts = server.address_parts(dsn)
    try:
        subprocess.run(
            [programs.find().path(name), *arguments],
            env={**os.environ, **parts},
            check=True,
            capture_output=True,
            text=True,
        )
    except subprocess.CalledProcessError as error:
        raise BackupFailed(reason=f"{name}: {error.stderr.strip()[-2000:]}") from error
