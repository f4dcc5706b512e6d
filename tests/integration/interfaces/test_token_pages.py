"""Keys for programs, handled in the console: issued once, never shown again, revoked."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from metercash.platform import audit
from metercash.platform.access import Role, api
from tests.integration.interfaces.test_tenants_apart import _signed_in


NEW = {"name": "财务系统", "scope": ["billing:read", "payments:read"], "days": "90"}


@pytest.fixture
def admin(tenant):
    return _signed_in(tenant, Role.SYSTEM_ADMIN)


def secret_on(response):
    found = re.search(r"mc\.\d+\.[\w-]+", response.content.decode())
    return found.group(0) if found else None


class TestIssue:
    def test_shows_the_key_on_one_answer_only(self, admin):
        answer = admin.post("/console/tokens/new/", NEW)
        secret = secret_on(answer)
        assert "no-store" in answer["Cache-Control"]
        assert secret is not None
        page = admin.get("/console/tokens/").content.decode()
        assert secret not in page
        assert "财务系统" in page
        assert "查看账单和试算" in page
        assert "从未使用" in page
        [key] = api.list_api_tokens()
        assert key.created_by == Role.SYSTEM_ADMIN
        assert key.expires_at - key.created_at > timedelta(days=89)

    def test_gives_a_key_that_opens_the_api(self, admin):
        secret = secret_on(admin.post("/console/tokens/new/", NEW))
        program = Client(SERVER_NAME="localhost")
        answer = program.get("/api/v1/bills", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 200
        assert "从未使用" not in admin.get("/console/tokens/").content.decode()

    @pytest.mark.parametrize("wrong", [{"name": " "}, {"scope": []}, {"scope": ["all"]}])
    def test_refuses_what_names_nothing(self, admin, wrong):
        answer = admin.post("/console/tokens/new/", NEW | wrong, follow=True)
        assert secret_on(answer) is None
        assert 'role="alert"' in answer.content.decode()
        assert api.list_api_tokens() == []

    def test_is_recorded_without_the_key(self, admin):
        secret = secret_on(admin.post("/console/tokens/new/", NEW))
        [entry] = audit.list_entries(action="access.api_token.issue").items
        assert entry.actor_name == Role.SYSTEM_ADMIN
        assert entry.detail == {"program": "财务系统", "scopes": ["billing:read", "payments:read"]}
        assert secret not in str(entry)


class TestRevoke:
    def test_ends_the_key_at_once(self, admin):
        secret = secret_on(admin.post("/console/tokens/new/", NEW))
        [key] = api.list_api_tokens()
        page = admin.post(f"/console/tokens/{key.token_id}/revoke/", follow=True).content.decode()
        assert "已吊销" in page
        program = Client(SERVER_NAME="localhost")
        answer = program.get("/api/v1/bills", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 401
        assert len(audit.list_entries(action="access.api_token.revoke").items) == 1

    def test_says_when_there_is_no_such_key(self, admin):
        page = admin.post("/console/tokens/999999/revoke/", follow=True).content.decode()
        assert 'role="alert"' in page


class TestReaders:
    @pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR])
    def test_see_the_list_but_no_way_to_change_it(self, tenant, role):
        api.issue_api_token(name="抄表平台", scopes={"metering:write"}, expires_at=None)
        page = _signed_in(tenant, role).get("/console/tokens/").content.decode()
        assert "抄表平台" in page
        assert "长期" in page
        assert "<dialog" not in page
