"""Says a named failure on the page the user is on, in the user's language."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language

from metercash.kernel.errors import MetercashError


def sentence(error: MetercashError) -> str:
    """The failure as one sentence."""
    return error.english if (get_language() or "").startswith("en") else error.chinese


def tell(request: HttpRequest, error: MetercashError) -> None:
    """Put the failure at the top of the next page."""
    messages.error(request, sentence(error))
