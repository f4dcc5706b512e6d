"""Transactions bound to a tenant, savepoints, and bulk writes by COPY.

A plain ``atomic`` says too little: here opening (`transaction`), needing (`transaction_required`) and
partly undoing (`savepoint`) have three names.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models
from django.db import transaction as django_transaction

from metercash.kernel.errors import MetercashError
from metercash.platform.tenancy.binding import current_id, current_id_or_none


P = ParamSpec("P")
R = TypeVar("R")


class TransactionRequired(MetercashError):
    """A write or a tenant query ran outside a transaction; a fault in the program."""

    code = "db.transaction_required"
    status = 500
    message_zh = "程序错误：数据操作没有处于事务之中。"
    message_en = "A data operation ran outside a transaction."


@contextmanager
def transaction() -> Iterator[None]:
    """Open a transaction for the bound tenant, or join the one already open.

    Also serves as a decorator. The tenant is told to the database for this transaction only, so a pooled
    connection never carries it to the next request.
    """
    tenant_id = current_id_or_none()
    if connection.in_atomic_block:
        if getattr(connection, "metercash_tenant", None) == tenant_id:
            yield
        else:
            with _told(tenant_id):
                yield
        return
    with django_transaction.atomic():
        _tell(tenant_id)
        try:
            yield
        finally:
            connection.metercash_tenant = None  # type: ignore[attr-defined]


@contextmanager
def _told(tenant_id: int | None) -> Iterator[None]:
    outer = getattr(connection, "metercash_tenant", None)
    _tell(tenant_id)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _tell(outer)


def _tell(tenant_id: int | None) -> None:
    with connection.cursor() as cursor:
        value = "" if tenant_id is None else str(tenant_id)
        cursor.execute("select set_config('app.tenant', %s, true)", [value])
    connection.metercash_tenant = tenant_id  # type: ignore[attr-defined]


def require_transaction() -> None:
    """Refuse to go on outside a transaction that knows the bound tenant.

    Raises:
        TransactionRequired: if none is open or it was opened for another tenant.
    """
    told = getattr(connection, "metercash_tenant", None)
    if not connection.in_atomic_block or told != current_id_or_none():
        raise TransactionRequired


def transaction_required(function: Callable[P, R]) -> Callable[P, R]:
    """Guard an operation: it runs only inside a transaction opened above it."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        require_transaction()
        return function(*args, **kwargs)

    return guarded


@contextmanager
def savepoint() -> Iterator[None]:
    """Undo the block alone if it raises; stands beside the ``except`` that expects the error."""
    require_transaction()
    with django_transaction.atomic():
        yield


def run_after_commit(function: Callable[[], object]) -> None:
    """Call the function once after the outermost transaction has committed; never if it rolls back.

    Asking again for the same function in the same transaction changes nothing.
    """
    if all(waiting is not function for _, waiting, *_ in connection.run_on_commit):
        django_transaction.on_commit(function)


def commit_lazily() -> None:
    """Do not wait for the disk at the end of this transaction.

    For work that is found and done again after a crash: it may be lost with the last moments before one.
    """
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")


def plan_for_values() -> None:
    """In this transaction, plan each statement for the values it has.

    For lists people filter: a plan made for any value reads the whole table where the value asks for little.
    """
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("set local plan_cache_mode = force_custom_plan")


def array(values: Iterable[int | date]) -> str:
    """Many ids or days as PostgreSQL writes an array, for ``%s::bigint[]``; ten times quicker than a list."""
    return "{" + ",".join(map(str, values)) + "}"


def copy_rows(
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    same: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    """Write rows by COPY on the open transaction.

    PostgreSQL refuses COPY into a table with row-level security, so the rows go through a temporary
    table of this connection and from there, checked by the policy, into the real one.

    Args:
        table: Table name from a model's ``_meta.db_table``.
        columns: Column names that differ by row; ``tenant_id`` is added here.
        rows: Values in the order of the columns; JSON values as text.
        same: Columns in which all rows have one value.

    Returns:
        How many rows were written.
    """
    same = {"tenant_id": current_id(), **same}
    names = ", ".join(f'"{column}"' for column in columns)
    same_names = ", ".join(f'"{column}"' for column in same)
    values = ", ".join(["%s"] * len(same))
    stage = f"stage_{table}"
    count = stage_rows(
        stage,
        f'on commit delete rows as select * from "{table}" with no data',  # noqa: S608
        columns,
        rows,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f'insert into "{table}" ({same_names}, {names}) select {values}, {names} from "{stage}"',  # noqa: S608
            list(same.values()),
        )
        if cursor.rowcount != count:
            msg = f"copied {count} rows into {table} but {cursor.rowcount} arrived"
            raise RuntimeError(msg)
    return count


def stage_rows(
    stage: str, shape: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Fill a temporary table of this connection by COPY; what it held before is gone.

    Args:
        stage: Its name.
        shape: What follows the name where it is created: columns or query, and ``on commit delete rows``.
        columns: Names of the columns that are filled.
        rows: Values in the order of the columns; JSON values and arrays as text.

    Returns:
        How many rows it holds.
    """
    require_transaction()
    names = ", ".join(f'"{column}"' for column in columns)
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(f'create temporary table if not exists "{stage}" {shape}')
        cursor.execute(f'truncate "{stage}"')
        with cursor.copy(f'copy "{stage}" ({names}) from stdin') as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
    return count


def refresh_statistics(*written: type[models.Model]) -> None:
    """After a bulk write, tell the planner how large the tables have become."""
    require_transaction()
    with connection.cursor() as cursor:
        tables = [model._meta.db_table for model in written]
        cursor.execute("select refresh_statistics(%s::text[])", [tables])


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Take ``count`` fresh primary keys from the table's sequence, for rows written by COPY."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(sequence) from generate_series(1, %s), "
            "(select pg_get_serial_sequence(%s, 'id')::regclass as sequence offset 0) one",
            [count, f'"{table}"'],
        )
        return [row[0] for row in cursor.fetchall()]
