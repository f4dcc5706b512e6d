"""Rules of the house that no linter knows: sizes, surfaces, money without floats, no machine's paths."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "metercash"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts)
FRONT_DOORS = sorted(PACKAGE.glob("contexts/*/api.py")) + sorted(
    PACKAGE.glob("contexts/*/api/*.py")
)

MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70

# Folders in which every number may become money: `float` has no place there at all.
EXACT = ("kernel", "rating", "contexts/ledger", "contexts/billing", "contexts/payments")
# Names that carry money anywhere else.
MONEY = re.compile(r"(^|_)(fen|yuan|price|amount|money)(_|$)")
# Waiting and measured times are no money; asking whether something is a float is how it is refused.
CLOCK_OR_CHECK = re.compile(r"(?i)timeout|_seconds|_s\b|began|aggregating|isinstance")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _float_uses(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        if literal or (isinstance(node, ast.Name) and node.id == "float"):
            yield node


class TestSizes:
    @pytest.mark.parametrize("path", MODULES, ids=_name)
    def test_module_and_its_functions_are_short(self, path: Path) -> None:
        text = path.read_text()
        assert text.count("\n") <= MODULE_LINES_MAX, f"{_name(path)} is too long"
        long = {
            f"{f.name}: {(f.end_lineno or 0) - f.lineno + 1} lines"
            for f in _functions(ast.parse(text))
            if (f.end_lineno or 0) - f.lineno + 1 > FUNCTION_LINES_MAX
        }
        assert not long


class TestMoney:
    @pytest.mark.parametrize(
        "path",
        [p for p in MODULES if any(p.is_relative_to(PACKAGE / part) for part in EXACT)],
        ids=_name,
    )
    def test_exact_code_knows_no_float(self, path: Path) -> None:
        text = path.read_text()
        lines = text.splitlines()
        found = {
            f"line {node.lineno}: {lines[node.lineno - 1].strip()}"
            for node in _float_uses(ast.parse(text))
            if not CLOCK_OR_CHECK.search(lines[node.lineno - 1])
        }
        assert not found

    @pytest.mark.parametrize("path", MODULES, ids=_name)
    def test_no_name_of_money_is_a_float(self, path: Path) -> None:
        found = set()
        for node in ast.walk(ast.parse(path.read_text())):
            target = annotation = None
            if isinstance(node, ast.AnnAssign):
                target, annotation = ast.unparse(node.target), node.annotation
            elif isinstance(node, ast.arg):
                target, annotation = node.arg, node.annotation
            if (
                target
                and annotation
                and MONEY.search(target)
                and "float" in ast.unparse(annotation)
            ):
                found.add(f"line {node.lineno}: {target}")  # type: ignore[attr-defined]
        assert not found

    def test_no_table_keeps_money_as_float_or_decimal(self) -> None:
        from django.apps import apps
        from django.db import models

        for model in apps.get_models(include_auto_created=True):
            if not model.__module__.startswith("metercash."):
                continue
            for field in model._meta.local_fields:
                assert not isinstance(field, models.FloatField) or not MONEY.search(field.name)
                if field.name.endswith(("_fen", "_milli")):
                    assert isinstance(field, models.BigIntegerField), (
                        f"{model.__name__}.{field.name}"
                    )


class TestFrontDoors:
    @pytest.mark.parametrize("path", FRONT_DOORS, ids=_name)
    def test_functions_are_keyword_only_and_documented(self, path: Path) -> None:
        wrong = []
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if node.args.posonlyargs or node.args.args or node.args.vararg:
                wrong.append(f"{node.name} takes positional arguments")
            if not ast.get_docstring(node):
                wrong.append(f"{node.name} has no docstring")
        assert not wrong

    def test_every_context_says_what_it_owns(self) -> None:
        for door in sorted(PACKAGE.glob("contexts/*/apps.py")):
            readme = door.parent / "README.md"
            assert readme.exists(), f"{_name(door.parent)} has no README.md"
            text = readme.read_text()
            assert "owns" in text.lower(), f"{_name(readme)} does not say what it owns"
            assert "does not own" in text.lower(), (
                f"{_name(readme)} does not say what it does not own"
            )


class TestTree:
    def test_names_no_path_of_one_machine(self) -> None:
        tracked = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout.split("\0")
        folders = "|".join(("home/[a-z]+", "work", "farm", "root", "Users"))
        machine = re.compile(rf"(?<![\w.{{}}*-])/({folders})/[a-z]")
        found = []
        for name in filter(None, tracked):
            path = ROOT / name
            if path.suffix in {".lock", ".svg"} or ".min." in name or not path.is_file():
                continue
            try:
                text = path.read_text()
            except UnicodeDecodeError:
                continue
            found += [f"{name}: {match.group()}" for match in machine.finditer(text)]
        assert not found

    def test_migrations_are_linear(self) -> None:
        from django.db.migrations.loader import MigrationLoader

        loader = MigrationLoader(None, ignore_no_migrations=True)
        assert loader.detect_conflicts() == {}
        for (app, name), migration in loader.disk_migrations.items():
            if not type(migration).__module__.startswith("metercash."):
                continue
            before = [
                key for key in loader.disk_migrations if key[0] == app and key[1][:4] == name[:4]
            ]
            assert len(before) == 1, f"{app} has two migrations numbered {name[:4]}"
