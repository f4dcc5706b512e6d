"""The embedded server from a shell.

``python -m metercash.platform.postgres start|stop|status|remove HOME`` and ``backup|restore HOME FILE``.
"""

import argparse
import sys
from pathlib import Path

from metercash.platform.postgres import backup, server
from metercash.platform.postgres.errors import PostgresError


def run(arguments: list[str]) -> int:
    """Do what the arguments say; returns the exit code (status: 3 when nothing runs)."""
    parser = argparse.ArgumentParser(prog="python -m metercash.platform.postgres")
    actions = parser.add_subparsers(dest="action", required=True)
    for name in ("start", "stop", "status", "remove", "backup", "restore"):
        action = actions.add_parser(name)
        action.add_argument("home", type=Path)
        if name in {"backup", "restore"}:
            action.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    try:
        if given.action in {"backup", "restore"}:
            getattr(backup, given.action)(given.home, given.file)
            return 0
        return _act(given.action, given.home)
    except PostgresError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _act(action: str, home: Path) -> int:
    if action == "start":
        server.ensure(home)
    elif action == "stop":
        server.stop(home)
    elif action == "remove":
        server.remove(home)
        return 0
    found = server.status(home)
    if found.running:
        sys.stdout.write(f"running on 127.0.0.1:{found.port}, process {found.pid}, {found.data}\n")
        return 0
    sys.stdout.write("not running\n")
    return 3 if action == "status" else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
