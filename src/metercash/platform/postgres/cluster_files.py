"""The files of the embedded server: made once, configured at every start."""

import os
import shutil
import subprocess
from pathlib import Path

from metercash.platform.postgres.account import Account
from metercash.platform.postgres.errors import ServerFailed, VersionMismatch
from metercash.platform.postgres.programs import Programs
from metercash.platform.postgres.state import State


ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

_BUILTIN_LOCALE_SINCE = 17

_SETTINGS = """\
# Written by Metercash at every start; changes belong in postgresql.auto.conf (ALTER SYSTEM).
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '256MB'
work_mem = '16MB'
maintenance_work_mem = '256MB'
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = off
max_wal_size = '4GB'
checkpoint_timeout = '15min'
random_page_cost = 1.1
effective_cache_size = '1GB'
max_parallel_workers_per_gather = 1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_min_error_statement = 'panic'
idle_in_transaction_session_timeout = '30min'
"""

_ACCESS = """\
# Written by Metercash at every start: passwords from this machine, and nothing else.
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
"""


def initialize(state: State, tools: Programs, account: Account) -> None:
    """Make the data folder; an attempt that was cut short is thrown away first.

    Raises:
        ServerFailed: if ``initdb`` refuses.
    """
    base = Path(state.base)
    draft = base / "data.draft"
    secret = base / "password.draft"
    try:
        # C.UTF-8 knows which Chinese characters are letters, which trigram search needs.
        for letters in ("C.UTF-8", "C"):
            shutil.rmtree(draft, ignore_errors=True)
            _write(secret, state.superuser_password, account)
            run = subprocess.run(
                _initdb(draft, secret, tools, letters),
                capture_output=True,
                text=True,
                check=False,
                cwd=base,
                env=ENVIRONMENT,
                timeout=300,
                **account.popen,
            )
            if run.returncode == 0:
                draft.rename(state.data)
                return
    finally:
        secret.unlink(missing_ok=True)
    msg = f"initdb could not make {state.data}:\n{run.stdout}{run.stderr}"
    raise ServerFailed(reason=msg)


def configure(state: State, account: Account) -> None:
    """Write the server's settings and access rules for the port in use."""
    _write(state.data / "postgresql.conf", _SETTINGS.format(port=state.port), account)
    _write(state.data / "pg_hba.conf", _ACCESS, account)


def check_version(state: State, tools: Programs) -> None:
    """Refuse to open data of another major version.

    Raises:
        VersionMismatch: with the advice to set ``PG_BIN`` or to dump and restore.
    """
    found = (state.data / "PG_VERSION").read_text().strip()
    if found != str(tools.major):
        msg = (
            f"{state.data} was made by PostgreSQL {found}, the programs are {tools.version}: "
            f"set PG_BIN to version {found}, or dump there and restore here"
        )
        raise VersionMismatch(reason=msg)


def _initdb(data: Path, secret: Path, tools: Programs, letters: str) -> list[str]:
    provider = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if tools.major >= _BUILTIN_LOCALE_SINCE
        else []
    )
    return [
        tools.path("initdb"),
        f"--pgdata={data}",
        "--username=postgres",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        f"--lc-ctype={letters}",
        *provider,
        "--data-checksums",
    ]


def _write(path: Path, text: str, account: Account) -> None:
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    if account.demoted:
        os.chown(draft, account.uid, account.gid)
    draft.replace(path)
