"""Every tenant table stands behind both walls; foreign keys between contexts point down."""

import configparser
from pathlib import Path

import psycopg
from django.apps import apps
from django.db import models


ROOT = Path(__file__).resolve().parents[2]


def _tenant_tables() -> set[str]:
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if any(field.column == "tenant_id" for field in model._meta.local_fields)
    }


def _storey_of_contexts() -> dict[str, int]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    rows = parser["importlinter:contract:contexts"]["layers"].strip().splitlines()
    return {name.strip(" ()"): height for height, row in enumerate(rows) for name in row.split("|")}


class TestRowLevelSecurity:
    def test_is_enabled_and_forced_on_every_tenant_table(self, database: str) -> None:
        with psycopg.connect(database) as connection:
            rows = connection.execute(
                "select relname, relrowsecurity and relforcerowsecurity from pg_class"
                " where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
            ).fetchall()
        walled = {name for name, holds in rows if holds}
        assert _tenant_tables() - walled == set()

    def test_has_a_policy_that_checks_reads_and_writes(self, database: str) -> None:
        with psycopg.connect(database) as connection:
            rows = connection.execute(
                "select tablename from pg_policies where schemaname = 'public' and cmd = 'ALL'"
                " and qual like '%app.tenant%' and with_check like '%app.tenant%'"
            ).fetchall()
        assert _tenant_tables() - {name for (name,) in rows} == set()

    def test_is_on_every_table_that_has_the_column(self, database: str) -> None:
        with psycopg.connect(database) as connection:
            rows = connection.execute(
                "select c.relname from pg_attribute a join pg_class c on c.oid = a.attrelid"
                " where a.attname = 'tenant_id' and c.relkind in ('r', 'p')"
                " and c.relnamespace = 'public'::regnamespace and not c.relforcerowsecurity"
            ).fetchall()
        assert rows == []


class TestKeys:
    def test_every_unique_key_and_index_begins_with_the_tenant(self, database: str) -> None:
        with psycopg.connect(database) as connection:
            rows = connection.execute(
                "select t.relname, i.relname from pg_index x"
                " join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid"
                " join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]"
                " where t.relname = any(%s) and not x.indisprimary and a.attname <> 'tenant_id'"
                " and x.indisunique",
                [sorted(_tenant_tables())],
            ).fetchall()
        assert rows == []


class TestForeignKeys:
    def test_point_down_only(self) -> None:
        storeys = _storey_of_contexts()
        wrong = []
        for model in apps.get_models():
            source = model._meta.app_label
            for field in model._meta.local_fields:
                if not isinstance(field, models.ForeignKey) or source not in storeys:
                    continue
                target = field.related_model._meta.app_label  # type: ignore[union-attr]
                if target != source and target in storeys and storeys[target] <= storeys[source]:
                    wrong.append(f"{source} → {target}: {model.__name__}.{field.name}")
        assert wrong == []

    def test_between_contexts_leave_no_trace_on_the_target(self) -> None:
        for model in apps.get_models():
            if not model.__module__.startswith("metercash.contexts"):
                continue
            for field in model._meta.local_fields:
                if isinstance(field, models.ForeignKey):
                    assert field.remote_field.on_delete is models.PROTECT, f"{model}.{field.name}"
