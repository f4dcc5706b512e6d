"""Every migration goes down as it went up, and the models say nothing the migrations do not."""

import io
import secrets
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor


ALIAS = "updown"
# The job queue is a library whose own migrations know no way back.
FOREIGN = {"procrastinate"}
OWN_SCHEMA = "n.nspname = 'public' and not exists (select from pg_depend d where d.objid = {} and d.deptype = 'e')"

SHAPE = {
    "columns": """
        select table_name, column_name, data_type, is_nullable, coalesce(column_default, '')
        from information_schema.columns where table_schema = 'public'
    """,
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(c.oid)
        from pg_constraint c join pg_namespace n on n.oid = c.connamespace where n.nspname = 'public'
    """,
    "indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
    "policies": """
        select tablename, policyname, cmd, coalesce(qual, ''), coalesce(with_check, '')
        from pg_policies where schemaname = 'public'
    """,
    "walls": """
        select relname, relrowsecurity::text, relforcerowsecurity::text
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and relkind = 'r'
    """,
    "triggers": """
        select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger
        where not tgisinternal
    """,
    "functions": f"""
        select proname, pg_get_functiondef(p.oid)
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where {OWN_SCHEMA.format("p.oid")}
    """,
    "rights": """
        select table_name, privilege_type from information_schema.role_table_grants
        where table_schema = 'public' and grantee = 'metercash_app'
    """,
}

Shape = dict[str, list[tuple[str, ...]]]


def shape() -> Shape:
    """What the catalog says of everything the migrations made, the library's tables left out."""
    found: Shape = {}
    with connections[ALIAS].cursor() as cursor:
        for kind, query in SHAPE.items():
            cursor.execute(query)
            rows = [tuple(str(value) for value in row) for row in cursor.fetchall()]
            found[kind] = sorted(row for row in rows if "procrastinate" not in row[0])
    return found


def migrate(*target: str) -> None:
    """Migrate the fresh database."""
    call_command("migrate", *target, database=ALIAS, interactive=False, verbosity=0)


@pytest.fixture
def fresh(database: str) -> Iterator[None]:
    """An empty database with the owner's rights, as ``connections[ALIAS]``."""
    name = f"updown_{secrets.token_hex(4)}"
    with closing(psycopg.connect(database, autocommit=True)) as owner:
        owner.execute(f'create database "{name}"')
        settings = dict(connections["owner"].settings_dict, NAME=name)
        connections.settings[ALIAS] = settings
        address = urlunsplit(urlsplit(database)._replace(path=f"/{name}"))
        with closing(psycopg.connect(address, autocommit=True)) as inside:
            inside.execute("create extension if not exists btree_gist")
            inside.execute("create extension if not exists pg_trgm")
            inside.execute("grant usage on schema public to metercash_app")
            inside.execute(
                "alter default privileges in schema public "
                "grant select, insert, update, delete on tables to metercash_app"
            )
        yield
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]
        owner.execute(f'drop database "{name}" with (force)')


class TestMigrations:
    def test_go_down_to_nothing_and_up_to_the_same(self, fresh: None) -> None:
        migrate()
        before = shape()
        assert [kind for kind, rows in before.items() if not rows] == [], "all kinds are compared"

        own = sorted(
            label
            for label, _ in MigrationExecutor(connections[ALIAS]).loader.graph.root_nodes()
            if label not in FOREIGN
        )
        for label in own:
            migrate(label, "zero")
        assert {kind: rows for kind, rows in shape().items() if rows} == {
            "columns": [row for row in before["columns"] if row[0] == "django_migrations"],
            "constraints": [row for row in before["constraints"] if row[0] == "django_migrations"],
            "indexes": [row for row in before["indexes"] if row[0] == "django_migrations"],
            "walls": [("django_migrations", "false", "false")],
            "rights": [row for row in before["rights"] if row[0] == "django_migrations"],
        }

        migrate()
        again = shape()
        for kind in SHAPE:
            assert again[kind] == before[kind], kind

    @pytest.mark.parametrize("label", ["ledger", "billing"])
    def test_of_one_context_come_back_with_those_above_it(self, fresh: None, label: str) -> None:
        migrate()
        before = shape()
        migrate(label, "zero")
        assert not [row for row in shape()["columns"] if row[0].startswith(f"{label}_")]
        migrate()
        assert shape() == before

    def test_say_all_that_the_models_say(self, database: str) -> None:
        out = io.StringIO()
        call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=1)
        assert "No changes detected" in out.getvalue()
