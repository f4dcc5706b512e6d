"""Who did what to what, and when."""

from django.db import models

from metercash.platform.tenancy.base import TenantModel


class AuditEntry(TenantModel):
    """One act; append-only by privilege and trigger."""

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=80)
    address = models.CharField(max_length=64, default="")
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["tenant_id", "-id"], name="audit_latest"),
            models.Index(fields=["tenant_id", "action", "-id"], name="audit_by_action"),
            models.Index(fields=["tenant_id", "subject", "-id"], name="audit_by_subject"),
        ]
