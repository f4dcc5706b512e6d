"""Entry of a run's further processes; free of Django when imported, since a spawned process is bare."""

from datetime import datetime
from importlib import import_module

import django


def work_in_process(tenant_id: int, run_id: int, now: datetime) -> None:
    """Set up Django and its own connection, then take the same chunks as everyone."""
    django.setup()
    # By name, because execution starts this function and Python would see a circle.
    execution = import_module("metercash.contexts.billing.execution")
    from metercash.platform import tenancy

    with tenancy.bind(tenant_id):
        execution.work(run_id=run_id, now=now, after_chunk=None)
