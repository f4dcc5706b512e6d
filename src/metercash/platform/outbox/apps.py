"""Django registration."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Registers the package under the label ``outbox``."""

    name = "metercash.platform.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
