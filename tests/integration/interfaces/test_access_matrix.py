"""Every console route × every role, against the table of permissions.

``access_matrix.csv`` lists each route with the permission it must ask for; a route without a row fails, and
so does a row without a route, so that a new page is reviewed here.
"""

import csv
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from metercash.platform import tenancy
from metercash.platform.access import PERMISSIONS, Role, api
from tests.support.routes import Route, all_routes


MATRIX = Path(__file__).with_name("access_matrix.csv")
PASSWORD = "Kuai-Le-2026-Xue"
OPEN = {
    "console/sign-in/",
    "console/sign-out/",
    "console/first-password/<str:secret>/",
}


def _matrix() -> dict[str, str]:
    with MATRIX.open(newline="", encoding="utf-8") as file:
        return {row["route"]: row["permission"] for row in csv.DictReader(file)}


def _console() -> list[Route]:
    return [route for route in all_routes("console/") if route.pattern not in OPEN]


class TestMatrix:
    def test_lists_every_console_route_with_its_permission(self) -> None:
        assert {route.pattern: route.permission for route in _console()} == _matrix()

    def test_knows_every_permission(self) -> None:
        assert set(_matrix().values()) <= set(PERMISSIONS)


def _client(tenant: int, role: Role) -> Client:
    username = role.lower()
    api.create_user(username=username, display_name=role, roles=[role], password=PASSWORD)
    client = Client(SERVER_NAME="localhost")
    code = tenancy.Tenant.objects.get(id=tenant).code
    response = client.post(
        "/console/sign-in/", {"tenant": code, "username": username, "password": PASSWORD}
    )
    assert response.status_code == 302, response.content.decode()[:500]
    return client


class TestRoutes:
    @pytest.mark.parametrize("role", list(Role))
    def test_refuse_roles_without_the_permission(
        self, tenant: int, role: Role, now: datetime
    ) -> None:
        client = _client(tenant, role)
        wrong = []
        for route in _console():
            allowed = role in PERMISSIONS[route.permission or ""]
            for method in ("get", "post"):
                status = getattr(client, method)(route.address).status_code
                if (status == 403) == allowed or status >= 500:
                    wrong.append((method, route.pattern, status))
        assert wrong == []

    def test_send_strangers_to_sign_in(self, database: str) -> None:
        client = Client(SERVER_NAME="localhost")
        for route in _console():
            response = client.get(route.address)
            assert response.status_code == 302, route.pattern
            assert response["Location"].startswith("/console/sign-in/?next="), route.pattern
