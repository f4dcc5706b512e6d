"""Registers the console with Django."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The staff console."""

    name = "metercash.interfaces.console"
    label = "console"
