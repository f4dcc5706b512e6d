"""Many rows in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

from metercash.platform import db, tenancy


@db.transaction_required
def insert(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> list[int]:
    """Write rows by COPY and return their ids in the same order."""
    if not rows:
        return []
    ids = db.reserve_ids(model, len(rows))
    db.copy_rows(
        model._meta.db_table,
        ["id", *columns],
        ((identity, *row) for identity, row in zip(ids, rows, strict=True)),
    )
    return ids


@db.transaction_required
def update(
    model: type[models.Model], types: Mapping[str, str], rows: Iterable[Sequence[Any]]
) -> int:
    """Set columns of many rows at once.

    Args:
        model: The table.
        types: Column name to PostgreSQL type, in the order of the values.
        rows: The row's id followed by its new values.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return 0
    names = ["id", *types]
    casts = ", ".join(f"%s::{kind}[]" for kind in ("bigint", *types.values()))
    settings = ", ".join(f'"{name}" = v."{name}"' for name in types)
    listed = ", ".join(f'"{name}"' for name in names)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'update "{table}" t set {settings} from unnest({casts}) as v({listed}) '  # noqa: S608
            "where t.tenant_id = %s and t.id = v.id",
            [*(list(column) for column in columns), tenancy.current_id()],
        )
        return int(cursor.rowcount)
