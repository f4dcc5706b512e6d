"""Answers already given, kept by the caller's key."""

from django.db import models

from metercash.platform.tenancy.base import TenantModel


class IdempotentAnswer(TenantModel):
    """The answer to a request that may arrive again."""

    key = models.CharField(max_length=80)
    route = models.CharField(max_length=120)
    body_sha256 = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "route", "key"], name="idempotency_key_once"
            )
        ]
