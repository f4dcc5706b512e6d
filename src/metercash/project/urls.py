"""Every address of the product."""

from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from metercash.project import health


def home(request: HttpRequest) -> HttpResponse:
    """Staff begin at the console; residents come by their own link."""
    return redirect("/console/")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", home),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("language/", set_language, name="set_language"),
]
for prefix, module in (
    ("console/", "metercash.interfaces.console.urls"),
    ("m/", "metercash.interfaces.portal.urls"),
    ("gateway/", "metercash.interfaces.gateway.urls"),
    ("api/", "metercash.interfaces.openapi.urls"),
):
    if find_spec(module.rsplit(".", 1)[0]) and find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
