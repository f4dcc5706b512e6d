"""Rows of an uploaded table become drafts of records, or errors that name the cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metercash.contexts.customers.contracts import RowError
from metercash.contexts.customers.core import cells
from metercash.contexts.customers.core.record import BY_FIELD, HEADERS, Column, CustomerRecord
from metercash.contexts.customers.core.table import Table


@dataclass(frozen=True, slots=True)
class Draft:
    """One row read without a fault; values stand in the order of ``CustomerRecord``.

    Cells whose column the file lacks hold None and are listed in ``Drafts.absent``.
    """

    row: int
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Drafts:
    """All rows of a file.

    Attributes:
        absent: Positions in ``CustomerRecord`` whose column the file lacks.
        rows: How many rows had any content.
    """

    drafts: list[Draft]
    absent: tuple[int, ...]
    errors: list[RowError]
    rows: int


_DEFAULTS: dict[str, Any] = {"chargeable_area_milli": None}


def parse_rows(table: Table) -> Drafts:
    """Read every row; a row with any faulty cell yields errors and no draft."""
    position: dict[str, int] = {}
    for index, name in enumerate(table.header):
        column = HEADERS.get(name)
        if column is not None:
            position.setdefault(column.field, index)
    plan = [
        (BY_FIELD[field], position.get(field), _DEFAULTS.get(field, BY_FIELD[field].default))
        for field in CustomerRecord._fields
    ]
    absent = tuple(i for i, (_, index, _) in enumerate(plan) if index is None)
    drafts: list[Draft] = []
    errors: list[RowError] = []
    rows = 0
    for number, row in enumerate(table.rows, start=table.first_row_number):
        if not any(cell not in ("", None) for cell in row):
            continue
        rows += 1
        before = len(errors)
        values = _parse_row(row, number, plan, errors)
        if len(errors) == before:
            drafts.append(Draft(number, values))
    return Drafts(drafts, absent, errors, rows)


def _parse_row(
    row: Sequence[object],
    number: int,
    plan: Sequence[tuple[Column, int | None, Any]],
    errors: list[RowError],
) -> tuple[Any, ...]:
    values: list[Any] = []
    width = len(row)
    for column, index, default in plan:
        if index is None:
            values.append(None)
            continue
        cell = row[index] if index < width else None
        if cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()):
            if column.required:
                advice = f"请填写{column.header}"
                errors.append(RowError(number, column.header, "", "必填项没有填写", advice))
            values.append(default)
            continue
        try:
            values.append(column.parse(cell))
        except cells.CellError as fault:
            shown = cells.shown(cell)[:200]
            errors.append(RowError(number, column.header, shown, fault.reason, fault.advice))
            values.append(default)
    return tuple(values)
