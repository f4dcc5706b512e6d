"""Django registration."""

from django.apps import AppConfig


class TariffsConfig(AppConfig):
    """Registers the context under the label ``tariffs``."""

    name = "metercash.contexts.tariffs"
    label = "tariffs"
    default_auto_field = "django.db.models.BigAutoField"
