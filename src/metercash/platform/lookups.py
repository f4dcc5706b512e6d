"""Lookups that Django lacks."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


if TYPE_CHECKING:
    _Lookup = models.Lookup[Any]
else:
    _Lookup = models.Lookup


@models.ForeignKey.register_lookup
@models.BigIntegerField.register_lookup
class AnyOf(_Lookup):
    """``field__any_of=ids``: one array parameter, where ``__in`` writes every id into the statement."""

    lookup_name = "any_of"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[int]) -> None:
        super().__init__(lhs, list(rhs))

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Render for PostgreSQL."""
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = any(%s)", (*parameters, self.rhs)
