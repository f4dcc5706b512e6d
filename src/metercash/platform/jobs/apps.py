"""Django registration."""

from datetime import datetime

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers the package under the label ``jobs``, and the platform's own routine."""

    name = "metercash.platform.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Sweep the outbox every minute."""
        from metercash.platform import outbox
        from metercash.platform.jobs import schedule

        def sweep(*, now: datetime) -> None:
            """Deliver what could not be delivered right after its commit."""
            outbox.deliver_pending()

        schedule.every_minute("outbox.sweep", sweep)
