"""The procrastinate tasks behind every job, and the beat behind every routine."""

from datetime import UTC, datetime
from typing import Any

import structlog
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from metercash.platform import jobs, tenancy
from metercash.platform.jobs import schedule


STALLED_SECONDS = 60

log = structlog.get_logger(__name__)


@app.task(name="metercash.run_job", retry=RetryStrategy(max_attempts=5, wait=2, exponential_wait=3))
def run_job(*, tenant_id: int, name: str, arguments: dict[str, Any]) -> None:
    """Run a registered function with its tenant bound."""
    jobs.run(tenant_id=tenant_id, name=name, arguments=arguments)


@app.task(name="metercash.run_routine")
def run_routine(*, tenant_id: int, name: str) -> None:
    """Run a tenant's routine if it is still due."""
    tenant = tenancy.Tenant.objects.get(id=tenant_id)
    schedule.run_due(tenant=tenant, name=name, now=datetime.now(UTC))


@app.periodic(cron="* * * * *")
@app.task(name="metercash.beat", queueing_lock="metercash.beat")
def beat(timestamp: int) -> None:
    """Queue what is due, one job for each tenant and routine; one that waits is not queued twice."""
    now = datetime.now(UTC)
    for tenant in tenancy.Tenant.objects.order_by("id"):
        for name in schedule.due(tenant=tenant, now=now):
            key = f"routine:{tenant.id}:{name}"
            job = run_routine.configure(lock=key, queueing_lock=key)
            try:
                job.defer(tenant_id=tenant.id, name=name)
            except AlreadyEnqueued:
                log.debug("routine.waits", routine=name, tenant=tenant.code)


@app.periodic(cron="* * * * *")
@app.task(name="metercash.take_up_stalled", queueing_lock="metercash.take_up", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Queue again what a worker that died was doing."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await manager.retry_job(job)
        log.warning("job.taken_up", job_id=job.id, task=job.task_name)
    await manager.prune_stalled_workers(STALLED_SECONDS)
