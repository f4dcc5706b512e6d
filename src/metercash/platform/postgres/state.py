"""What is remembered about the embedded server in the home folder, readable by its owner alone."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path


_FILE = "postgres.json"
_LOCK = "postgres.lock"


@dataclass(frozen=True, slots=True)
class State:
    """Place, port and passwords of one server."""

    base: str
    port: int
    provisioned: bool = False
    superuser_password: str = field(default="", repr=False)
    owner_password: str = field(default="", repr=False)
    app_password: str = field(default="", repr=False)

    @property
    def data(self) -> Path:
        """The data folder."""
        return Path(self.base) / "data"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return Path(self.base) / "server.log"


def new(base: Path) -> State:
    """A state with fresh random passwords and a free port."""
    return State(
        base=str(base),
        port=free_port(),
        superuser_password=secrets.token_urlsafe(24),
        owner_password=secrets.token_urlsafe(24),
        app_password=secrets.token_urlsafe(24),
    )


def read(home: Path) -> State | None:
    """The remembered state, or None where there never was a server."""
    try:
        return State(**json.loads((home / _FILE).read_text()))
    except FileNotFoundError:
        return None


def write(home: Path, state: State) -> None:
    """Remember a state: the old file or the new one is seen, never a part of it."""
    draft = home / f"{_FILE}.draft"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(state), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / _FILE)


def forget(home: Path) -> None:
    """Remove the remembered state."""
    (home / _FILE).unlink(missing_ok=True)


@contextmanager
def lock(home: Path) -> Iterator[None]:
    """Hold the one lock of a home; waits for whoever holds it."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
