"""The tables of notifications."""

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
    next_try_at = models.DateTimeField(null=True)
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


class MailServer(tenancy.TenantModel):
    """How the tenant's e-mail leaves; the password is sealed."""

    transport = models.CharField(max_length=10)
    host = models.CharField(max_length=200, default="")
    port = models.IntegerField(default=587)
    security = models.CharField(max_length=10, default="STARTTLS")
    username = models.CharField(max_length=200, default="")
    sealed_password = models.TextField(default="")
    sender = models.CharField(max_length=200, default="")
    reply_to = models.CharField(max_length=200, default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id"], name="notifications_one_mail_server")
        ]
