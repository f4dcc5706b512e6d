"""Django registration."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Registers the context under the label ``customers``."""

    name = "metercash.contexts.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the daily routine."""
        from metercash.contexts.customers import jobs

        jobs.register()
