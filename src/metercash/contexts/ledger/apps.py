"""Django registration."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the context under the label ``ledger``."""

    name = "metercash.contexts.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
