"""Tenants and the two walls between them: a manager that refuses unscoped queries, and row-level security."""

from typing import TYPE_CHECKING

from metercash.platform.tenancy.binding import (
    TenantNotBound,
    bind,
    current_id,
    current_id_or_none,
)


if TYPE_CHECKING:
    from metercash.platform.tenancy.base import TenantModel
    from metercash.platform.tenancy.models import Tenant

__all__ = ["Tenant", "TenantModel", "TenantNotBound", "bind", "current_id", "current_id_or_none"]


def __getattr__(name: str) -> object:
    """Load models on first use: Django imports this package before its apps are ready."""
    if name == "TenantModel":
        from metercash.platform.tenancy.base import TenantModel

        return TenantModel
    if name == "Tenant":
        from metercash.platform.tenancy.models import Tenant

        return Tenant
    raise AttributeError(name)
