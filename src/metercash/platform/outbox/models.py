"""Events waiting for their subscribers."""

from django.db import models

from metercash.platform.tenancy.base import TenantModel


class OutboxEvent(TenantModel):
    """A fact published in the transaction that made it true."""

    name = models.CharField(max_length=80)
    version = models.SmallIntegerField(default=1)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    last_error = models.TextField(default="")

    class Meta(TenantModel.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["tenant_id", "id"],
                condition=models.Q(delivered_at__isnull=True),
                name="outbox_pending",
            )
        ]
