"""Django registration."""

from django.apps import AppConfig


class MeteringConfig(AppConfig):
    """Registers the context under the label ``metering``."""

    name = "metercash.contexts.metering"
    label = "metering"
    default_auto_field = "django.db.models.BigAutoField"
