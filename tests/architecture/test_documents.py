"""What the documents promise exists: commands, make targets, files and settings."""

import re
from pathlib import Path

import pytest
import typer.main

from metercash.interfaces.cli.main import app
from metercash.project import environment


ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("README.md")]
)
_COMMAND = re.compile(r"(?:^|[`\s/])metercash ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", re.MULTILINE)
_SQL = re.compile(r"```sql\n.*?```", re.DOTALL)
_CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _code(path: Path) -> str:
    return "\n".join(a or b for a, b in _CODE.findall(_SQL.sub("", path.read_text())))


def _commands() -> set[str]:
    root = typer.main.get_command(app)
    names = set()
    for name, command in getattr(root, "commands", {}).items():
        names.add(name)
        names |= {f"{name} {below}" for below in getattr(command, "commands", {})}
    return names


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
class TestDocuments:
    def test_name_only_commands_that_exist(self, path: Path) -> None:
        known = _commands()
        groups = {name.split()[0] for name in known if " " in name}
        for line in _code(path).splitlines():
            for found in _COMMAND.findall(line):
                first = found.split()[0]
                assert first in known, f"`metercash {first}` does not exist"
                if first in groups and " " in found:
                    assert found in known, f"`metercash {found}` does not exist"

    def test_name_only_make_targets_that_exist(self, path: Path) -> None:
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        named = set(re.findall(r"(?:^|[ ;&])make ([a-z-]+)", _code(path), re.MULTILINE))
        assert named - targets == set()

    def test_link_only_to_files_that_exist(self, path: Path) -> None:
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text()):
            if "://" not in target and not target.startswith("mailto:"):
                assert (path.parent / target).exists(), f"{target} does not exist"


class TestSettings:
    def test_every_setting_is_documented(self) -> None:
        page = (ROOT / "docs" / "reference" / "settings.md").read_text()
        assert {s.name for s in environment.SETTINGS if s.name not in page} == set()
