"""Says a named failure on the page the user is on, in the user's language."""

from django.contrib import messages
from django.http import HttpRequest

from metercash.interfaces.web.borrowed import sentence
from metercash.kernel.errors import MetercashError


def tell(request: HttpRequest, error: MetercashError) -> None:
    """Put the failure at the top of the next page."""
    messages.error(request, sentence(error))


__all__ = ["sentence", "tell"]
