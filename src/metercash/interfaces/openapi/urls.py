"""Addresses of the JSON API."""

from django.urls import path

from metercash.interfaces.openapi.api import api


urlpatterns = [path("v1/", api.urls)]
