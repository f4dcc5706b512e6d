"""Django registration."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers the package under the label ``access``."""

    name = "metercash.platform.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
