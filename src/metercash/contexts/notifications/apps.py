"""Django registration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the context under the label ``notifications``."""

    name = "metercash.contexts.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
