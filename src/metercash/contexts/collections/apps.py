"""Django registration."""

from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    """Registers the context under the label ``collections``."""

    name = "metercash.contexts.collections"
    label = "collections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Schedule the context's routines."""
        from metercash.contexts.collections import jobs

        jobs.register()
