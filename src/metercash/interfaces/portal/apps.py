"""Django registration."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers templates and static files of the residents' pages."""

    name = "metercash.interfaces.portal"
    label = "portal"
