"""Django registration."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Registers the context under the label ``billing``."""

    name = "metercash.contexts.billing"
    label = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Subscribe to the events of lower contexts and offer the run as a job."""
        from metercash.contexts.billing import handlers, jobs

        handlers.register()
        jobs.register()
