"""The side navigation as a tag, so that no view has to think of it."""

from typing import Any

from django import template
from django.template import Context

from metercash.interfaces.console import navigation


register = template.Library()


@register.inclusion_tag("console/_navigation.html", takes_context=True)
def navigation_menu(context: Context) -> dict[str, Any]:
    """The groups the user may see, with the current page marked."""
    request = context["request"]
    match = request.resolver_match
    section = match.url_name.split("_")[0] if match and match.url_name else ""
    groups = navigation.visible(request.user)
    return {"groups": groups, "section": section, "tenant": request.tenant}
