"""A database of its own for each test session, on the embedded server or the one the environment names."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections

from metercash.platform.postgres import server
from metercash.project import environment
from metercash.project.migrate import migrate


@contextmanager
def fresh_database(home: Path) -> Iterator[str]:
    """Create, migrate and afterwards drop a database; Django and child processes use it meanwhile.

    Yields:
        The owner's address of the database.
    """
    cluster = server.ensure(home)
    name = f"test_{os.getpid()}_{secrets.token_hex(3)}"
    with psycopg.connect(cluster.dsn_owner, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    os.environ["DATABASE_URL"] = _named(cluster.dsn_app, name)
    os.environ["DATABASE_OWNER_URL"] = _named(cluster.dsn_owner, name)
    for alias, variable in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        connections[alias].settings_dict.update(environment.database(variable))
    connections["default"].settings_dict["OPTIONS"]["pool"] = {"min_size": 0, "max_size": 40}
    migrate()
    try:
        yield os.environ["DATABASE_OWNER_URL"]
    finally:
        for connection in connections.all():
            connection.close()
        if connections["default"].pool:
            connections["default"].close_pool()
        # The superuser, because the owner may not end an autovacuum process that works in the database.
        dropper = cluster.dsn_superuser or cluster.dsn_owner
        with psycopg.connect(dropper, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{name}" with (force)')


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
