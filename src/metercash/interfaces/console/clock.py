"""The console is where the clock is read; everything below is told the time."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This instant, aware, in the installation's zone."""
    return timezone.localtime()


def today() -> date:
    """The civil day of this instant."""
    return now().date()
