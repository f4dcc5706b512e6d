"""Django registration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the context under the label ``notifications``."""

    name = "metercash.contexts.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Schedule the context's routines."""
        from metercash.contexts.notifications import jobs

        jobs.register()
