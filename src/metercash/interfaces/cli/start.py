"""Gets a command ready: home folder, database, Django, tenant."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from metercash.interfaces.cli import output
from metercash.kernel.errors import NotFound
from metercash.project import environment


if TYPE_CHECKING:
    from metercash.platform.tenancy.models import Tenant

_ready = False


def database() -> None:
    """Start the embedded server unless ``DATABASE_URL`` names another, then Django."""
    global _ready  # noqa: PLW0603 - one process, one start
    if _ready:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metercash.project.settings")
    if not environment.text("DATABASE_URL"):
        from metercash.platform.postgres import server

        cluster = server.ensure(environment.home())
        os.environ["DATABASE_URL"] = cluster.dsn_app
        os.environ["DATABASE_OWNER_URL"] = cluster.dsn_owner
    import django

    django.setup()
    from metercash.project import logs

    logs.configure()
    _ready = True


def migrated_database() -> None:
    """Like :func:`database`, with every migration applied."""
    database()
    from metercash.project.migrate import migrate

    migrate()


@contextmanager
def working_for(tenant_code: str | None) -> Iterator["Tenant"]:
    """Bind the tenant a command names; the only one there is needs no name.

    Raises:
        NotFound: if no such tenant exists, or none was named and there are several.
    """
    database()
    from metercash.platform import audit, tenancy

    registry = tenancy.Tenant.objects
    if tenant_code:
        tenant = registry.filter(code=tenant_code).first()
    else:
        tenants = list(registry.all()[:2])
        tenant = tenants[0] if len(tenants) == 1 else None
    if tenant is None:
        codes = "、".join(registry.values_list("code", flat=True)[:20])
        raise NotFound(what=f"租户 {tenant_code or '(--tenant)'}，现有：{codes or '无'}；")
    name = f"cli:{os.environ.get('USER', 'operator')}"
    with tenancy.bind(tenant.id), audit.acting(audit.Actor(None, name)):
        yield tenant


def now() -> datetime:
    """The present instant; the command line is one of the places that may read the clock."""
    return datetime.now(UTC)


__all__ = ["database", "migrated_database", "now", "output", "working_for"]
