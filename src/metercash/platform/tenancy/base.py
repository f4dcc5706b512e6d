"""The abstract model every tenant table inherits."""

from typing import Any

from django.db import models

from metercash.platform import db
from metercash.platform.tenancy.binding import current_id


class TenantQuerySet(models.QuerySet[Any]):
    """A query set that was born scoped to the bound tenant."""


class ScopedManager(models.Manager[Any]):
    """Filters by the bound tenant; refuses to run without one or outside a transaction bound to it."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Every row of the bound tenant.

        Raises:
            TenantNotBound: if no tenant is bound.
            TransactionRequired: if the database does not know the tenant because no transaction is open.
        """
        tenant_id = current_id()
        db.require_transaction()
        return super().get_queryset().filter(tenant_id=tenant_id)


class TenantModel(models.Model):
    """A row that belongs to one tenant; walled off by :class:`TenantWall` in its migration."""

    tenant_id = models.BigIntegerField(default=current_id, editable=False)

    objects: ScopedManager = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
