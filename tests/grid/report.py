"""The golden totals and the coverage of the grid, as the files that keep them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from tests.grid.axes import ILLEGAL, KINDS, Cell, Rounding, Surface, cells, legal, situations
from tests.grid.cases import Case, cases_of
from tests.grid.surfaces import TOTAL


GOLDEN: Final = Path(__file__).with_name("golden.csv")
COVERAGE: Final = Path(__file__).parents[2] / "docs" / "algorithms" / "coverage.md"
BEGIN: Final = "<!-- grid: python -m tests.grid writes what follows -->"
END: Final = "<!-- grid ends -->"


@cache
def totals(kind: str) -> Mapping[Cell, Mapping[Surface, int]]:
    """Fen of every legal bill of a kind by every surface; a bill that was not found is left out."""
    found: dict[Cell, Mapping[Surface, int]] = {}
    for cell in cells(kind):
        case = cases_of(cell.situation).get(cell.rounding)
        if case is not None:
            found[cell] = _by_surface(cell, case)
    return found


def _by_surface(cell: Cell, case: Case) -> Mapping[Surface, int]:
    return {surface: total(case) for surface, total in TOTAL.items() if legal(cell, surface)}


def rows(kind: str) -> list[list[str]]:
    """The golden rows of a kind: one for each situation, one column for each rounding, in fen."""
    found, made = totals(kind), []
    for situation in situations(kind):
        cells_of = [found.get(Cell(situation, rounding), {}) for rounding in Rounding]
        fen = [str(by.get(Surface.ENGINE, "")) for by in cells_of]
        if any(fen):
            made.append([*situation, *fen])
    return made


def golden() -> str:
    """All golden rows below their heading."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(["kind", "customer", "edge", "change", *(r.lower() for r in Rounding)])
    for kind in KINDS:
        table.writerows(rows(kind))
    return written.getvalue()


def kept(kind: str) -> list[list[str]]:
    """The rows of a kind as the golden file has them."""
    with GOLDEN.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.reader(file) if row[0] == kind]


def counts(kind: str) -> tuple[int, int]:
    """Legal cells of a kind, and those in which all surfaces agree."""
    wanted = [
        (cell, surface) for cell in cells(kind) for surface in Surface if legal(cell, surface)
    ]
    found = totals(kind)
    agreed = {cell for cell, by in found.items() if len(set(by.values())) == 1}
    covered = [surface for cell, surface in wanted if cell in agreed and surface in found[cell]]
    return len(wanted), len(covered)


def coverage() -> str:
    """The table of coverage, and the reasons of what is no legal cell."""
    counted = {kind: counts(kind) for kind in KINDS}
    legal_cells, covered = (sum(column) for column in zip(*counted.values(), strict=True))
    table = [
        f"| `{kind}` | {wanted:,} | {found:,} | {found / wanted:.1%} |"
        for kind, (wanted, found) in counted.items()
    ]
    return "\n".join(
        [
            BEGIN, "",
            "| Component | Legal cells | Covered | Share |", "|---|---:|---:|---:|",
            *table,
            f"| **all** | **{legal_cells:,}** | **{covered:,}** | **{covered / legal_cells:.1%}** |",
            "", "No cell, and why:", "",
            *(f"- {rule.reason}" for rule in ILLEGAL),
            "", END,
        ]
    )  # fmt: skip


def page() -> str:
    """The page of coverage with the grid's part made again."""
    text = COVERAGE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    return head + coverage() + rest.split(END)[1]
