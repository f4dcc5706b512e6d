"""Background jobs on procrastinate: a job commits with the data it belongs to.

A job names a registered function; it runs with its tenant bound. Jobs are idempotent, since a worker that
dies mid-way leaves its job to be run again.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from metercash.platform import audit, tenancy


JobFunction = Callable[..., None]
_registry: dict[str, JobFunction] = {}


def register(name: str, function: JobFunction) -> None:
    """Make a function callable as a job; it receives ``now`` and the job's arguments by keyword."""
    _registry[name] = function


def defer(name: str, *, lock: str | None = None, **arguments: Any) -> int:
    """Queue a job in the open transaction.

    Args:
        lock: Jobs of one lock run one after the other.

    Returns:
        The job's id.
    """
    from metercash.platform.jobs.tasks import run_job

    if name not in _registry:
        raise KeyError(name)
    return run_job.configure(lock=lock).defer(
        tenant_id=tenancy.current_id(), name=name, arguments=arguments
    )


def run(*, tenant_id: int, name: str, arguments: dict[str, Any]) -> None:
    """Run a job's function for its tenant."""
    with tenancy.bind(tenant_id), audit.acting(audit.Actor(None, f"job:{name}")):
        _registry[name](now=datetime.now(UTC), **arguments)
