"""The first administrator: one address, one day, one use; and what the new pages say."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from typer.testing import CliRunner

from metercash.interfaces.cli import start
from metercash.interfaces.cli.main import app
from metercash.platform import audit, db, tenancy
from metercash.platform.access import Role, api
from metercash.platform.access.models import OneTimeToken
from tests.integration.interfaces.test_tenants_apart import _signed_in


PASSWORD = "Kuai-Le-2026-Xue"


def code_of(tenant: int) -> str:
    return str(tenancy.Tenant.objects.get(id=tenant).code)


@pytest.fixture
def address(tenant: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """The path the command line prints for the first administrator."""
    monkeypatch.setattr(start, "_ready", True)
    arguments = ["user", "add", "root", "管理员", "--first", "--tenant", code_of(tenant), "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert printed["user"]["roles"] == ["SYSTEM_ADMIN"]
    return str(re.sub(r"^https?://[^/]+", "", printed["first_password"]))


def redeem(address: str, tenant: int, password: str = PASSWORD) -> int:
    data = {"tenant": code_of(tenant), "password": password, "again": password}
    return Client(SERVER_NAME="localhost").post(address, data).status_code


def signs_in(tenant: int, password: str = PASSWORD) -> bool:
    data = {"tenant": code_of(tenant), "username": "root", "password": password}
    return Client(SERVER_NAME="localhost").post("/console/sign-in/", data).status_code == 302


class TestFirst:
    def test_sets_a_password_once(self, address: str, tenant: int) -> None:
        assert not signs_in(tenant)
        assert redeem(address, tenant) == 302
        assert signs_in(tenant)
        assert redeem(address, tenant, "Another-2026-Word") == 200
        assert not signs_in(tenant, "Another-2026-Word")
        assert signs_in(tenant)

    @pytest.mark.parametrize("password", ["short", "root", "12345678901234"])
    def test_keeps_the_password_rules(self, address: str, tenant: int, password: str) -> None:
        assert redeem(address, tenant, password) == 200
        assert not signs_in(tenant, password)
        assert redeem(address, tenant) == 302

    def test_ends_after_a_day(self, address: str, tenant: int) -> None:
        with db.transaction():
            OneTimeToken.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        assert redeem(address, tenant) == 200
        assert not signs_in(tenant)

    def test_is_worthless_for_another_company(
        self, address: str, tenant: int, other_tenant: int
    ) -> None:
        assert redeem(address, other_tenant) == 200
        assert redeem(address, tenant) == 302

    def test_is_refused_where_there_are_users(self, address: str, tenant: int) -> None:
        arguments = ["user", "add", "two", "二", "--first", "--tenant", code_of(tenant)]
        assert CliRunner().invoke(app, arguments).exit_code != 0
        assert [user.username for user in api.list_users()] == ["root"]


class TestPages:
    def test_mail_settings_never_show_the_password(self, tenant: int) -> None:
        client = _signed_in(tenant, Role.SYSTEM_ADMIN)
        form = {
            "transport": "SMTP", "host": "127.0.0.1", "port": "1", "security": "NONE",
            "username": "u", "password": "very-secret", "sender": "a@example.com",
        }  # fmt: skip
        assert client.post("/console/mail/", form).status_code == 302
        page = client.get("/console/mail/").content.decode()
        assert "a@example.com" in page
        assert "very-secret" not in page
        assert client.post("/console/mail/", form | {"sender": "x"}).status_code == 422
        said = client.post("/console/mail/test/", {"recipient": "me@example.com"}, follow=True)
        assert "通知发送失败" in said.content.decode()

    def test_late_fee_policy_shows_citation_and_who(self, tenant: int) -> None:
        client = _signed_in(tenant, Role.MANAGER)
        form = {
            "effective_from": "2026-01-01", "rate": "0.5", "start_days": "2", "cap": "100",
            "minimum": "1", "citation": "供用热合同第八条",
        }  # fmt: skip
        page = client.post("/console/late-fees/adopt/", form, follow=True).content.decode()
        assert "供用热合同第八条" in page
        assert "0.5‰" in page
        (entry,) = audit.list_entries(action="collections.policy.adopt").items
        assert entry.actor_name == "MANAGER"
        again = client.post("/console/late-fees/adopt/", form | {"rate": "x"}, follow=True)
        assert "应为数字" in again.content.decode()
        client.post("/console/late-fees/reminders/", {"on": "1"})
        assert tenancy.Tenant.objects.get(id=tenant).settings["automatic_reminders"] is True
