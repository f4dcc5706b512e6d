"""The table of notifications."""

from django.db import models
from django.db.models import Q

from metercash.platform import tenancy


class Message(tenancy.TenantModel):
    """A message, once per template and reference."""

    template = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    recipient = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    reference = models.CharField(max_length=120)
    urgent = models.BooleanField(default=False)
    status = models.CharField(max_length=10, default="QUEUED")
    attempts = models.IntegerField(default=0)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=200, default="")
    error = models.CharField(max_length=400, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "template", "reference"], name="notifications_once"
            )
        ]
        indexes = [
            models.Index(fields=["tenant_id", "-id"], name="notifications_latest"),
            models.Index(
                fields=["tenant_id", "id"],
                condition=Q(status="QUEUED"),
                name="notifications_waiting",
            ),
        ]
