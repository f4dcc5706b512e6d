"""The second wall: row-level security, and the tenant in every key, raised by migrations."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


BOUND = "nullif(current_setting('app.tenant', true), '')::bigint"
SEEN = f"tenant_id = (select {BOUND})"
# Looked up once per statement, where a foreign key would look the tenant up again for every row.
WRITTEN = f"tenant_id = (select id from tenancy_tenant where id = {BOUND})"  # noqa: S608 - composed of constants

APPEND_ONLY_FUNCTION = """
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$
"""

# The function serves every append-only table, so it goes with the last of them.
DROP_UNUSED_FUNCTION = """
do $$ begin
    if not exists (select from pg_trigger where tgfoid = 'refuse_change'::regproc) then
        drop function refuse_change();
    end if;
end $$
"""


class TenantWall(Operation):
    """Wall one table off: row-level security for every role, keys that carry the tenant.

    Args:
        model_name: A model of the migration's app that inherits ``TenantModel``.
        append_only: Also refuse UPDATE, DELETE and TRUNCATE, by privilege and by trigger (so that the
            owner is refused as well).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, *, append_only: bool = False) -> None:
        self.model_name = model_name
        self.append_only = append_only

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Describe the operation for the migration writer."""
        return (type(self).__name__, [self.model_name], {"append_only": self.append_only})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """A wall does not change the models' state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Raise the wall."""
        for statement in self._raise(to_state.apps, app_label):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the wall down."""
        for statement in self._remove(to_state.apps, app_label):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Wall off {self.model_name} by tenant"

    def _raise(self, apps: Apps, app_label: str) -> Iterator[str]:
        model = apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        if not _leads_with_tenant(model):
            yield (
                f'alter table "{table}" drop constraint "{table}_pkey", '
                f'add constraint "{table}_pkey" primary key (tenant_id, id)'
            )
        for field in _tenant_foreign_keys(model):
            target = field.related_model._meta.db_table
            yield (
                f'alter table "{table}" add constraint "{_key_name(table, field)}" '
                f'foreign key (tenant_id, "{field.column}") references "{target}" (tenant_id, id) '
                "deferrable initially immediate"
            )
        yield f'alter table "{table}" enable row level security'
        yield f'alter table "{table}" force row level security'
        yield f'create policy tenant_wall on "{table}" using ({SEEN}) with check ({WRITTEN})'
        if self.append_only:
            yield APPEND_ONLY_FUNCTION
            yield f'revoke update, delete, truncate on "{table}" from metercash_app'
            yield (
                f'create trigger append_only before update or delete on "{table}" '
                "for each row execute function refuse_change()"
            )
            yield (
                f'create trigger append_only_truncate before truncate on "{table}" '
                "for each statement execute function refuse_change()"
            )

    def _remove(self, apps: Apps, app_label: str) -> Iterator[str]:
        model = apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        if self.append_only:
            yield f'drop trigger append_only on "{table}"'
            yield f'drop trigger append_only_truncate on "{table}"'
            yield DROP_UNUSED_FUNCTION
            yield f'grant update, delete on "{table}" to metercash_app'
        yield f'drop policy tenant_wall on "{table}"'
        yield f'alter table "{table}" no force row level security'
        yield f'alter table "{table}" disable row level security'
        for field in _tenant_foreign_keys(model):
            yield f'alter table "{table}" drop constraint "{_key_name(table, field)}"'
        if not _leads_with_tenant(model):
            yield (
                f'alter table "{table}" drop constraint "{table}_pkey" cascade, '
                f'add constraint "{table}_pkey" primary key (id)'
            )


def _leads_with_tenant(model: type[models.Model]) -> bool:
    """Whether the model names its key itself, the tenant first, and has no ``id``."""
    return isinstance(model._meta.pk, models.CompositePrimaryKey)


def _tenant_foreign_keys(model: type[models.Model]) -> Iterator[models.ForeignKey[Any, Any]]:
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey):
            target = field.related_model
            if any(f.name == "tenant_id" for f in target._meta.local_fields):
                yield field


def _key_name(table: str, field: models.ForeignKey[Any, Any]) -> str:
    return f"{table}_{field.column}_tenant"[:63]
