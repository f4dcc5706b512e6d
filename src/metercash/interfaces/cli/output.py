"""What commands print: JSON for programs, tables and progress bars for people."""

import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table


console = Console()
errors = Console(stderr=True)


class Advance(Protocol):
    """Tells a progress bar how far the work is."""

    def __call__(self, done: int, total: int) -> None:
        """Show ``done`` of ``total``."""


def primitive(value: Any) -> Any:
    """Turn contracts into what JSON can hold; money and decimals become text or fen, never floats."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: primitive(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): primitive(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int | bool) or value is None:
        return value
    if isinstance(value, Sequence | set | frozenset):
        return [primitive(item) for item in value]
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def emit(value: Any, *, as_json: bool, title: str = "") -> None:
    """Print one result: a JSON document, or a table of its fields or rows."""
    plain = primitive(value)
    if as_json:
        sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")
        sys.stdout.flush()
    elif isinstance(plain, list):
        console.print(_rows(plain, title))
    elif isinstance(plain, dict):
        console.print(_fields(plain, title))
    else:
        console.print(plain)


@contextmanager
def progress(label: str, *, as_json: bool) -> Iterator[Advance]:
    """A progress bar on standard error; silent when a program reads the output."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        disable=as_json or not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def _rows(rows: list[Any], title: str) -> Table:
    table = Table(title=title or None)
    names = list(rows[0]) if rows and isinstance(rows[0], dict) else ["value"]
    for name in names:
        table.add_column(name)
    for row in rows:
        cells = row.values() if isinstance(row, dict) else [row]
        table.add_row(*(_cell(cell) for cell in cells))
    return table


def _fields(fields: dict[str, Any], title: str) -> Table:
    table = Table(title=title or None, show_header=False)
    for name, value in fields.items():
        table.add_row(name, _cell(value))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
