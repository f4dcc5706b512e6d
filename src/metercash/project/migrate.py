"""Brings the database to the form the code expects, as the owner role."""

from django.core.management import call_command
from django.db import connections


OWNER = "owner"

# What the application may do is granted before the tables exist; append-only tables then take rights away.
_RIGHTS = """
grant usage on schema public to metercash_app;
alter default privileges for role current_user in schema public
    grant select, insert, update, delete on tables to metercash_app;
alter default privileges for role current_user in schema public
    grant usage, select on sequences to metercash_app;
create extension if not exists btree_gist;
create extension if not exists pg_trgm;
"""


def migrate(*, verbosity: int = 0) -> None:
    """Apply every migration as the owner; safe to repeat and to start from several processes."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('metercash.migrate'))")
        try:
            cursor.execute(_RIGHTS)
            call_command("migrate", database=OWNER, interactive=False, verbosity=verbosity)
        finally:
            cursor.execute("select pg_advisory_unlock(hashtext('metercash.migrate'))")
    connections[OWNER].close()
