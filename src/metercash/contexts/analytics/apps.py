"""Django registration."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Registers the context under the label ``analytics``."""

    name = "metercash.contexts.analytics"
    label = "analytics"
    default_auto_field = "django.db.models.BigAutoField"
