"""Django configuration of the context."""

from django.apps import AppConfig


class TariffsConfig(AppConfig):
    """Price documents."""

    name = "metercash.contexts.tariffs"
    label = "tariffs"
    default_auto_field = "django.db.models.BigAutoField"
