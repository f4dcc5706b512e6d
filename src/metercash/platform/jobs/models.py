"""What is remembered about each routine of each tenant."""

from django.db import models

from metercash.platform import tenancy


class RoutineState(tenancy.TenantModel):
    """How far a routine got: the slot it finished last, and what went wrong since."""

    name = models.CharField(max_length=60)
    slot = models.CharField(max_length=16, default="")
    done_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "name"], name="jobs_routine_once")
        ]
