"""``python -m metercash.platform.postgres start|stop|status|remove HOME``: the server from a shell."""

import argparse
import sys
from pathlib import Path

from metercash.platform.postgres import server
from metercash.platform.postgres.errors import PostgresError


def run(arguments: list[str]) -> int:
    """Do what the arguments say; returns the exit code (status: 3 when nothing runs)."""
    parser = argparse.ArgumentParser(prog="python -m metercash.platform.postgres")
    parser.add_argument("action", choices=("start", "stop", "status", "remove"))
    parser.add_argument("home", type=Path)
    given = parser.parse_args(arguments)
    try:
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
