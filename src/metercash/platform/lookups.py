"""``__in`` with one array parameter: a statement stays the same, and within the protocol, for any number of values."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ForeignObject, lookups
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.sql.compiler import SQLCompiler


@models.Field.register_lookup
class InArray(lookups.In):
    """``= any(array)`` for values; subqueries and expressions as Django writes them.

    PostgreSQL takes 65,535 parameters at most, and keeps a plan for each text of a statement.
    """

    def process_rhs(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        """Put plain values into one list."""
        sql, parameters = super().process_rhs(compiler, connection)
        if self.rhs_is_direct_value() and sql == f"({', '.join(['%s'] * len(parameters))})":
            return "%s", [list(parameters)]
        return sql, parameters

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        """The operator that fits."""
        return "= any(%s)" if rhs == "%s" else str(super().get_rhs_op(connection, rhs))


@ForeignObject.register_lookup
class RelatedInArray(RelatedIn, InArray):
    """The same for references."""
