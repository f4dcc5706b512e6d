"""Django registration."""

from importlib import import_module

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Registers the package under the label ``tenancy``."""

    name = "metercash.platform.tenancy"
    label = "tenancy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the lookups every context may use."""
        import_module("metercash.platform.lookups")
