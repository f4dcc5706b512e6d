"""Which tenant the running code works for: bound by interfaces, jobs and commands, read by everything else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from metercash.kernel.errors import MetercashError


class TenantNotBound(MetercashError):
    """Code touched tenant data without saying whose."""

    code = "tenancy.not_bound"
    status = 500
    message_zh = "程序没有指明租户，已拒绝访问数据。"
    message_en = "No tenant is bound; access to tenant data is refused."


_current: ContextVar[int | None] = ContextVar("metercash_tenant", default=None)


@contextmanager
def bind(tenant_id: int) -> Iterator[None]:
    """Work for one tenant inside the block; the binding reaches the database with each transaction."""
    token = _current.set(tenant_id)
    try:
        yield
    finally:
        _current.reset(token)


def current_id() -> int:
    """The bound tenant.

    Raises:
        TenantNotBound: if no tenant is bound.
    """
    tenant_id = _current.get()
    if tenant_id is None:
        raise TenantNotBound
    return tenant_id


def current_id_or_none() -> int | None:
    """The bound tenant, or None for work that belongs to no tenant, such as the tenant registry."""
    return _current.get()
