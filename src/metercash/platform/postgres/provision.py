"""The database, roles and extensions that Metercash expects on its server."""

import psycopg
from psycopg import sql

from metercash.platform.postgres.state import State


DATABASE = "metercash"
OWNER = "metercash_owner"
APP = "metercash_app"
EXTENSIONS = ("btree_gist", "pg_trgm")


def address(state: State, *, user: str, password: str, database: str = DATABASE) -> str:
    """The connection address of a role on the server."""
    return f"postgresql://{user}:{password}@127.0.0.1:{state.port}/{database}"


def superuser_address(state: State, database: str = "postgres") -> str:
    """The connection address of the superuser."""
    return address(state, user="postgres", password=state.superuser_password, database=database)


def provision(state: State) -> None:
    """Create what is missing: both roles, the database, its extensions and the owner's default grants.

    Safe to repeat. The application's role can neither bypass row-level security nor truncate a table.
    """
    with psycopg.connect(superuser_address(state), autocommit=True) as connection:
        _role(connection, OWNER, state.owner_password, "createdb")
        _role(connection, APP, state.app_password, "nocreatedb")
        _database(connection)
    for database in ("template1", DATABASE):
        with psycopg.connect(superuser_address(state, database)) as connection:
            for name in EXTENSIONS:
                connection.execute(
                    sql.SQL("create extension if not exists {}").format(sql.Identifier(name))
                )
    with psycopg.connect(superuser_address(state, DATABASE)) as connection:
        _grants(connection)


def _role(connection: psycopg.Connection, name: str, password: str, extra: str) -> None:
    known = connection.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone()
    connection.execute(
        sql.SQL("{} role {} login nosuperuser nobypassrls nocreaterole {} password {}").format(
            sql.SQL("alter" if known else "create"),
            sql.Identifier(name),
            sql.SQL(extra),
            sql.Literal(password),
        )
    )


def _database(connection: psycopg.Connection) -> None:
    known = connection.execute(
        "select 1 from pg_database where datname = %s", [DATABASE]
    ).fetchone()
    if not known:
        connection.execute(
            sql.SQL("create database {} owner {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )
    connection.execute(
        sql.SQL("revoke all on database {} from public").format(sql.Identifier(DATABASE))
    )
    connection.execute(
        sql.SQL("grant connect, temporary on database {} to {}").format(
            sql.Identifier(DATABASE), sql.Identifier(APP)
        )
    )


def _grants(connection: psycopg.Connection) -> None:
    names = {"owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
    connection.execute(sql.SQL("grant usage on schema public to {app}").format(**names))
    default = sql.SQL("alter default privileges for role {owner} in schema public ").format(**names)
    for right in ("select, insert, update, delete on tables", "usage, select on sequences"):
        connection.execute(default + sql.SQL("grant {} to {app}").format(sql.SQL(right), **names))
