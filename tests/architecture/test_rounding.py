"""Rating and billing round in one place; whoever rounds elsewhere stands in a list with the reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest


PACKAGE = Path(__file__).resolve().parents[2] / "src" / "metercash"
MODULES = [
    path
    for part in ("rating", "contexts/billing")
    for path in sorted((PACKAGE / part).rglob("*.py"))
    if "migrations" not in path.parts and path != PACKAGE / "rating" / "rounding.py"
]
ROUNDS = {
    "round",
    "quantize",
    "to_integral",
    "to_integral_value",
    "to_integral_exact",
    "floor",
    "ceil",
}
# Module, and what is rounded there that is no amount and no quantity of a bill.
EXCEPTIONS = {
    "contexts/billing/execution.py": "milliseconds a chunk took",
    "contexts/billing/operations/assembling.py": "milliseconds a chunk took",
    "contexts/billing/operations/runs.py": "milliseconds a chunk took",
}


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _roundings(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in ROUNDS:
                yield node


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_rounds_nothing_of_a_bill(path: Path) -> None:
    found = [ast.unparse(call) for call in _roundings(path)]
    if _name(path) in EXCEPTIONS:
        assert found
        assert all("1000 *" in call for call in found), "only measured seconds times 1000"
    else:
        assert found == []


def test_the_one_place_and_the_exceptions_exist() -> None:
    assert list(_roundings(PACKAGE / "rating" / "rounding.py"))
    assert {_name(path) for path in MODULES} >= EXCEPTIONS.keys()
