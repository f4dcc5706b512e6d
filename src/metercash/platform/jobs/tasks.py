"""The one procrastinate task behind every job, and the periodic ones."""

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from metercash.platform import jobs, outbox, tenancy


@app.task(name="metercash.run_job", retry=RetryStrategy(max_attempts=5, wait=2, exponential_wait=3))
def run_job(*, tenant_id: int, name: str, arguments: dict[str, Any]) -> None:
    """Run a registered function with its tenant bound."""
    jobs.run(tenant_id=tenant_id, name=name, arguments=arguments)


@app.periodic(cron="* * * * *")
@app.task(name="metercash.deliver_events", queueing_lock="deliver_events")
def deliver_events(timestamp: int) -> None:
    """Deliver what could not be delivered right after its commit."""
    for tenant_id in tenancy.Tenant.objects.values_list("id", flat=True):
        with tenancy.bind(tenant_id):
            outbox.deliver_pending()
