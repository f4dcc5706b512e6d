"""Entry of a run's further processes; free of Django when imported, since a spawned process is bare."""

from datetime import datetime

import django


def work_in_process(tenant_id: int, run_id: int, now: datetime) -> None:
    """Set up Django and its own connection, then take the same chunks as everyone."""
    django.setup()
    from metercash.contexts.billing import execution
    from metercash.platform import tenancy

    with tenancy.bind(tenant_id):
        execution.work(run_id=run_id, now=now, after_chunk=None)
