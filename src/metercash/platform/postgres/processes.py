"""Living, dead and orphaned server processes, as the operating system sees them."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


_PROC = Path("/proc")


def alive(pid: int) -> bool:
    """Whether a process runs; one that died and was not yet reaped by its parent does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        fields = (_PROC / str(pid) / "stat").read_text()
    except FileNotFoundError:
        return not _PROC.is_dir()
    return fields.rpartition(")")[2].split()[0] not in {"Z", "X"}


def working_in(folder: Path) -> list[int]:
    """Living processes whose working folder is ``folder``: a server and its children, or its orphans."""
    target = folder.resolve()
    found = []
    for entry in _PROC.glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == target and alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def postmaster(data: Path) -> int | None:
    """The living server of a data folder, or None."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    if not alive(pid):
        return None
    if _PROC.is_dir() and pid not in working_in(data):
        return None
    return pid


def clear_stale(data: Path, *, patience_s: float = 30) -> None:
    """Remove the lock file of a server that was killed, once none of its children is left.

    PostgreSQL does this itself, but not while the dead server is a zombie or its number belongs to
    somebody else. Children of a killed server leave by themselves; those that do not are told to.
    """
    lock = data / "postmaster.pid"
    if not lock.exists() or postmaster(data) is not None:
        return
    if not wait_for(lambda: not working_in(data), timeout_s=patience_s):
        for pid in working_in(data):
            _signal(pid, signal.SIGQUIT)
        wait_for(lambda: not working_in(data), timeout_s=patience_s)
    if not working_in(data):
        lock.unlink(missing_ok=True)


def interrupt(pid: int, *, timeout_s: float) -> bool:
    """Ask a server for a fast shutdown and wait for its end; whether it ended."""
    _signal(pid, signal.SIGINT)
    return wait_for(lambda: not alive(pid), timeout_s=timeout_s)


def wait_for(condition: Callable[[], bool], *, timeout_s: float) -> bool:
    """Look at a condition until it holds or the time is over."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
