"""Start, find, stop and remove the embedded server of a home folder."""

import dataclasses
import os
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from metercash.platform.postgres import account as accounts
from metercash.platform.postgres import cluster_files, processes, programs, provision
from metercash.platform.postgres import state as states
from metercash.platform.postgres.account import Account
from metercash.platform.postgres.errors import ServerFailed
from metercash.platform.postgres.programs import Programs
from metercash.platform.postgres.state import State


START_SECONDS_MAX = 900  # crash recovery may be long; a server that dies is noticed at once
STOP_SECONDS_MAX = 120
PORT_ATTEMPTS_MAX = 5
LOG_BYTES_MAX = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL server that answers, and how to reach it."""

    host: str
    port: int
    database: str
    embedded: bool
    dsn_owner: str = field(repr=False)
    dsn_app: str = field(repr=False)
    dsn_superuser: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Status:
    """What is known about a home's server without touching it."""

    running: bool
    pid: int | None
    port: int | None
    data: Path | None


def from_environment(home: Path) -> Cluster:
    """The server named by ``DATABASE_URL`` (and ``DATABASE_OWNER_URL``), else the embedded one.

    Raises:
        PostgresError: if the embedded server is needed and cannot be started.
    """
    app = os.environ.get("DATABASE_URL", "").strip()
    if not app:
        return ensure(home)
    parts = urlsplit(app)
    return Cluster(
        host=parts.hostname or "",
        port=parts.port or 5432,
        database=parts.path.strip("/"),
        embedded=False,
        dsn_owner=os.environ.get("DATABASE_OWNER_URL", "").strip() or app,
        dsn_app=app,
    )


def ensure(home: Path) -> Cluster:
    """Return the home's server once it answers queries; initialize and start it where needed.

    However many processes call this at once, one server runs. It outlives the caller.

    Raises:
        ProgramsMissing: if there are no PostgreSQL programs.
        VersionMismatch: if the data was made by another major version.
        ServerFailed: if the server does not come up; the message ends with its log.
    """
    home = home.absolute()
    with states.lock(home):
        state = states.read(home) or _new_state(home)
        pid = processes.postmaster(state.data)
        if pid is None:
            state = _start(home, state)
        elif not _answers(state):
            _wait(state, pid)
        if not state.provisioned:
            provision.provision(state)
            state = dataclasses.replace(state, provisioned=True)
            states.write(home, state)
    return _cluster(state)


def address_parts(dsn: str) -> dict[str, str]:
    """A connection address as the environment variables that PostgreSQL's programs read."""
    parts = urlsplit(dsn)
    return {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": parts.username or "",
        "PGPASSWORD": parts.password or "",
        "PGDATABASE": parts.path.strip("/"),
    }


def stop(home: Path) -> bool:
    """Stop the home's server cleanly; returns whether one was running.

    Raises:
        ServerFailed: if it is still there after two minutes.
    """
    home = home.absolute()
    if states.read(home) is None:
        return False
    with states.lock(home):
        return _stop(home)


def status(home: Path) -> Status:
    """Whether the home's server runs, and where."""
    state = states.read(home.absolute())
    if state is None:
        return Status(running=False, pid=None, port=None, data=None)
    pid = processes.postmaster(state.data)
    return Status(running=pid is not None, pid=pid, port=state.port, data=state.data)


def remove(home: Path) -> None:
    """Stop the home's server and delete its files, wherever they lie.

    Raises:
        ServerFailed: if the server does not stop; nothing is deleted then.
    """
    home = home.absolute()
    if states.read(home) is None:
        return
    with states.lock(home):
        state = states.read(home)
        if state is not None:
            _stop(home)
            shutil.rmtree(state.base, ignore_errors=True)
            states.forget(home)


def _stop(home: Path) -> bool:
    state = states.read(home)
    pid = processes.postmaster(state.data) if state else None
    if pid is None:
        return False
    if not processes.interrupt(pid, timeout_s=STOP_SECONDS_MAX):
        msg = f"PostgreSQL (process {pid}) did not stop within {STOP_SECONDS_MAX} s"
        raise ServerFailed(reason=msg)
    return True


def _new_state(home: Path) -> State:
    """A state for a new home; data whose passwords were deleted with its home is set aside, not opened."""
    base = accounts.place(home, accounts.current())
    if (base / "data" / "PG_VERSION").exists():
        pid = processes.postmaster(base / "data")
        if pid is not None:
            processes.interrupt(pid, timeout_s=STOP_SECONDS_MAX)
        base.rename(base.with_name(f"{base.name}.lost-{secrets.token_hex(4)}"))
    return states.new(base)


def _start(home: Path, state: State) -> State:
    account = accounts.current()
    base = Path(state.base)
    account.own(base)
    tools = programs.for_account(programs.find(), account, base)
    if (state.data / "PG_VERSION").exists():
        cluster_files.check_version(state, tools)
        processes.clear_stale(state.data)
    else:
        cluster_files.initialize(state, tools, account)
    for _ in range(PORT_ATTEMPTS_MAX):
        if not states.is_free(state.port):
            state = dataclasses.replace(state, port=states.free_port())
        states.write(home, state)
        cluster_files.configure(state, account)
        pid = _launch(state, tools, account)
        if _wait(state, pid):
            return state
    msg = f"no free port for PostgreSQL after {PORT_ATTEMPTS_MAX} attempts"
    raise ServerFailed(reason=msg)


def _launch(state: State, tools: Programs, account: Account) -> int:
    """Start the server as a child of nobody here, so that it outlives this process and leaves no zombie."""
    if state.log.exists() and state.log.stat().st_size > LOG_BYTES_MAX:
        state.log.replace(state.log.with_suffix(".log.old"))
    with open(state.log, "ab", opener=_private) as log:
        answer = subprocess.run(
            [
                "/bin/sh",
                "-c",
                '"$0" -D "$1" >&2 & echo $!',
                tools.path("postgres"),
                str(state.data),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=state.base,
            env=cluster_files.ENVIRONMENT,
            start_new_session=True,
            check=True,
            timeout=30,
            **account.popen,
        )
    return int(answer.stdout)


def _wait(state: State, pid: int) -> bool:
    """Wait until the server answers a query; False if it died because its port was taken.

    Raises:
        ServerFailed: if it died for another reason or does not answer in time.
    """
    deadline = time.monotonic() + START_SECONDS_MAX
    while not _answers(state):
        if not processes.alive(pid):
            tail = state.log.read_text(errors="replace")[-2000:]
            if "Address already in use" in tail[-800:]:
                return False
            msg = f"PostgreSQL ended while starting; {state.log} ends with:\n{tail}"
            raise ServerFailed(reason=msg)
        if time.monotonic() > deadline:
            msg = f"PostgreSQL (process {pid}) did not answer within {START_SECONDS_MAX} s"
            raise ServerFailed(reason=msg)
        time.sleep(0.05)
    return True


def _answers(state: State) -> bool:
    try:
        with psycopg.connect(provision.superuser_address(state), connect_timeout=5) as connection:
            found = connection.execute("select current_setting('data_directory')").fetchone()
    except psycopg.OperationalError:
        return False
    return found is not None and Path(str(found[0])) == state.data


def _cluster(state: State) -> Cluster:
    return Cluster(
        host="127.0.0.1",
        port=state.port,
        database=provision.DATABASE,
        embedded=True,
        dsn_owner=provision.address(state, user=provision.OWNER, password=state.owner_password),
        dsn_app=provision.address(state, user=provision.APP, password=state.app_password),
        dsn_superuser=provision.superuser_address(state, provision.DATABASE),
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
