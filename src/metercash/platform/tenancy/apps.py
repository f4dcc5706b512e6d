"""Django registration."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Registers the package under the label ``tenancy``."""

    name = "metercash.platform.tenancy"
    label = "tenancy"
    default_auto_field = "django.db.models.BigAutoField"
