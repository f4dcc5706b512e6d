"""The command line's page names every command there is, and none that is not."""

import re
from pathlib import Path

import typer.main

from metercash.interfaces.cli.main import app


PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "cli.md").read_text()


def commands() -> set[str]:
    """Every command, as it is typed."""
    found = set()
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {f"{name} {each}" for each in inner} if inner else {name}
    return found


class TestCommandLinePage:
    def test_is_complete_and_holds_nothing_else(self) -> None:
        told = set()
        for row in PAGE.splitlines():
            if row.startswith("| `metercash"):
                told |= set(re.findall(r"`(?:metercash )?([a-z -]+)`", row.split("|")[1]))
        assert told == commands()

    def test_every_option_is_explained_or_speaks_for_itself(self) -> None:
        for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
            for each in getattr(command, "commands", {name: command}).values():
                assert each.help, each.name
