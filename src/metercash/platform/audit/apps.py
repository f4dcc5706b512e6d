"""Django registration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the package under the label ``audit``."""

    name = "metercash.platform.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
