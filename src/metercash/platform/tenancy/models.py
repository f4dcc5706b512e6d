"""The registry of tenants; the only business table without a tenant, readable by the application role."""

from django.db import models


class Tenant(models.Model):
    """A utility company served by this installation."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=[("HEAT", "供热"), ("POWER", "供电")])
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    settings = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
