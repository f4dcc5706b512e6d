"""Registers templates, static files and template tags with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The design system shared by console and portal."""

    name = "metercash.interfaces.web"
    label = "web"
