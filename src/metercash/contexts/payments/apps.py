"""Django registration."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Registers the context and its jobs."""

    name = "metercash.contexts.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the context's jobs known."""
        from metercash.contexts.payments import jobs

        jobs.register()
