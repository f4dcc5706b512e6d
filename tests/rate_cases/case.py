"""Worked cases and what the engine made of them, side by side."""

from __future__ import annotations

import ast
import json
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from metercash.rating.bill import Line
from tests.support import proofs


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a file: a tariff, what was measured, and the amounts worked by hand."""

    id: str
    tariff: Mapping[str, Any]
    input: Mapping[str, Any]
    expected: Mapping[str, Any]

    @property
    def mode(self) -> str:
        """Which way of pricing the case tries."""
        return str(self.tariff["mode"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine made of a case.

    Attributes:
        lines: Code of the case and fen, in the engine's order; lines of nothing may be left out.
        total_fen: None where the case adds nothing up.
        more: Further things the case expects, under its own names.
    """

    lines: tuple[tuple[str, int], ...] = ()
    total_fen: int | None = None
    more: Mapping[str, object] = field(default_factory=dict)


def of_lines(
    lines: Iterable[Line], names: Mapping[str, str] | None = None, **more: object
) -> Outcome:
    """The outcome of rated lines; ``names`` tells what the case calls a code of ours.

    Raises:
        proofs.CalculatorsDiffer: if a line is not what its own arithmetic comes to.
    """
    lines = [*lines]
    proofs.hold_to_their_words(lines)
    told = tuple(((names or {}).get(line.code, line.code), line.amount.fen) for line in lines)
    return Outcome(told, sum(fen for _, fen in told), more)


def read(file: Path) -> list[Case]:
    """The cases of a file."""
    document = json.loads(file.read_text(encoding="utf-8"))
    return [
        Case(one["id"], one["tariff"] or {"mode": "none"}, one["input"], one["expected"])
        for one in document["cases"]
    ]


def differences(case: Case, outcome: Outcome) -> list[str]:
    """What is not as the case expects; empty when all is equal."""
    found = []
    wanted = [(line["code"], line["amount_fen"]) for line in case.expected["lines"]]
    if sorted(filter(_is_something, wanted)) != sorted(filter(_is_something, outcome.lines)):
        found.append(f"lines {list(outcome.lines)}, expected {wanted}")
    if case.expected["total_fen"] != outcome.total_fen:
        found.append(f"total {outcome.total_fen}, expected {case.expected['total_fen']}")
    for name in case.expected.keys() - {"lines", "total_fen"}:
        want, got = case.expected[name], outcome.more.get(name)
        if not _same(want, got):
            found.append(f"{name} {got!r}, expected {want!r}")
    return found


def _is_something(line: tuple[str, int]) -> bool:
    return line[1] != 0


def _same(want: object, got: object) -> bool:
    """Equal, numbers by value: ``550`` and ``550.00`` are one."""
    if isinstance(want, list):
        return isinstance(got, list | tuple) and [*map(str, want)] == [*map(str, got)]
    if want == got:
        return True
    try:
        return Fraction(str(want)) == Fraction(str(got))
    except ValueError:
        return False


_OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def exact(formula: str) -> Fraction:
    """A number that a case writes as arithmetic, such as ``38.32*80``."""
    return _value(ast.parse(formula, mode="eval").body, formula)


def _value(node: ast.expr, formula: str) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(formula, node) or "")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, formula)
    if isinstance(node, ast.BinOp):
        operation = _OPERATIONS[type(node.op)]
        return operation(_value(node.left, formula), _value(node.right, formula))
    msg = f"no arithmetic: {formula}"
    raise ValueError(msg)


def milli(number: object) -> int:
    """Thousandths of a number a case writes as text.

    Raises:
        ValueError: if it has more than three decimals.
    """
    thousandths = exact(str(number)) * 1000
    if thousandths.denominator != 1:
        msg = f"{number} has more than three decimals"
        raise ValueError(msg)
    return int(thousandths)


def fen(yuan: object) -> int:
    """Fen of an amount a case writes in yuan, rounded half up as a bill was."""
    hundredths = exact(str(yuan)) * 100
    sign = -1 if hundredths < 0 else 1
    return sign * int(abs(hundredths) + Fraction(1, 2))
