"""The bill run as a background job; a worker that dies leaves a run that can be executed again."""

from datetime import datetime

from metercash.contexts.billing.contracts import EXECUTE_RUN
from metercash.platform import jobs


def register() -> None:
    """Offer the job."""
    jobs.register(EXECUTE_RUN, execute_run)


def execute_run(*, run_id: int, now: datetime, workers: int = 1) -> None:
    """Execute a run to its end."""
    # Loaded at first use: Django starts without the aggregation libraries.
    from metercash.contexts.billing import api

    api.execute_run(run_id=run_id, now=now, workers=workers)
