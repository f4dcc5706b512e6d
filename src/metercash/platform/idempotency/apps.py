"""Django registration."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """Registers the package under the label ``idempotency``."""

    name = "metercash.platform.idempotency"
    label = "idempotency"
    default_auto_field = "django.db.models.BigAutoField"
