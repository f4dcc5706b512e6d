"""Signing in, locking out, separated duties, tokens."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from metercash.platform import audit, db, tenancy
from metercash.platform.access import Role, api
from metercash.platform.access.errors import (
    PasswordTooWeak,
    RolesConflict,
    SignInRefused,
    TokenInvalid,
    UserLocked,
)
from metercash.platform.access.models import StaffUser


PASSWORD = "Kuai-Le-2026-Xue"


def _request() -> object:
    request = RequestFactory().post("/console/sign-in/")
    request.session = SessionStore()
    return request


def _sign_in(tenant: int, password: str, now: datetime, username: str = "lijing") -> StaffUser:
    code = tenancy.Tenant.objects.get(id=tenant).code
    return api.log_in(_request(), code, username, password, now)  # type: ignore[arg-type]


@pytest.fixture
def clerk(tenant: int) -> api.User:
    return api.create_user(
        username="lijing", display_name="李静", roles=[Role.COUNTER_CLERK], password=PASSWORD
    )


class TestLogIn:
    def test_lets_the_right_password_in(self, tenant: int, clerk: api.User, now: datetime) -> None:
        assert _sign_in(tenant, PASSWORD, now).id == clerk.user_id

    def test_refuses_unknown_company(self, database: str, now: datetime) -> None:
        with pytest.raises(SignInRefused):
            api.log_in(_request(), "nobody", "x", "y", now)  # type: ignore[arg-type]

    def test_refuses_user_of_another_company(
        self, tenant: int, other_tenant: int, clerk: api.User, now: datetime
    ) -> None:
        with pytest.raises(SignInRefused):
            _sign_in(other_tenant, PASSWORD, now)

    def test_locks_after_five_failures_even_for_the_right_password(
        self, tenant: int, clerk: api.User, now: datetime
    ) -> None:
        for _ in range(5):
            with pytest.raises(SignInRefused):
                _sign_in(tenant, "wrong", now)
        with pytest.raises(UserLocked):
            _sign_in(tenant, PASSWORD, now + timedelta(minutes=29))
        assert _sign_in(tenant, PASSWORD, now + timedelta(minutes=30)).id == clerk.user_id

    def test_refuses_a_disabled_user(self, tenant: int, clerk: api.User, now: datetime) -> None:
        api.set_active(user_id=clerk.user_id, active=False)
        with pytest.raises(SignInRefused):
            _sign_in(tenant, PASSWORD, now)

    def test_ends_sessions_of_a_changed_password(
        self, tenant: int, clerk: api.User, now: datetime
    ) -> None:
        before = _sign_in(tenant, PASSWORD, now).get_session_auth_hash()
        api.change_password(user_id=clerk.user_id, password="Xin-De-Kou-Ling-7")
        with db.transaction():
            assert StaffUser.objects.get(id=clerk.user_id).get_session_auth_hash() != before


class TestCreateUser:
    @pytest.mark.parametrize(
        "weak", ["short1A", "alllowercaseletters", "Password2026!", "lijing-2026-A", "A1b" * 60]
    )
    def test_refuses_weak_passwords(self, tenant: int, weak: str) -> None:
        with pytest.raises(PasswordTooWeak):
            api.create_user(
                username="lijing", display_name="李静", roles=[Role.FINANCE], password=weak
            )
        assert api.list_users() == []

    @pytest.mark.parametrize(
        "roles",
        [
            [Role.SYSTEM_ADMIN, Role.AUDITOR],
            [Role.SECURITY_ADMIN, Role.FINANCE],
            [Role.AUDITOR, Role.COUNTER_CLERK],
        ],
    )
    def test_keeps_separated_duties_apart(self, tenant: int, roles: list[Role]) -> None:
        with pytest.raises(RolesConflict):
            api.create_user(username="x", display_name="x", roles=roles, password=None)

    def test_leaves_a_trace(self, tenant: int, clerk: api.User) -> None:
        (entry,) = audit.list_entries(subject=f"user:{clerk.user_id}").items
        assert entry.action == "access.user.create"


class TestOneTimeToken:
    def test_sets_a_password_once(self, tenant: int, now: datetime) -> None:
        user = api.create_user(
            username="wang", display_name="王", roles=[Role.FINANCE], password=None
        )
        secret = api.issue_one_time_token(user_id=user.user_id, now=now)
        assert api.redeem_one_time_token(secret=secret, password=PASSWORD, now=now) == user.user_id
        assert _sign_in(tenant, PASSWORD, now, username="wang").id == user.user_id
        with pytest.raises(TokenInvalid):
            api.redeem_one_time_token(secret=secret, password=PASSWORD, now=now)

    def test_expires(self, tenant: int, clerk: api.User, now: datetime) -> None:
        secret = api.issue_one_time_token(user_id=clerk.user_id, now=now)
        with pytest.raises(TokenInvalid):
            api.redeem_one_time_token(
                secret=secret, password=PASSWORD, now=now + timedelta(hours=24)
            )


class TestBearer:
    def test_names_tenant_and_scopes(self, tenant: int, now: datetime) -> None:
        token = api.issue_api_token(name="erp", scopes={"billing:read"}, expires_at=None)
        bearer = api.bearer_of(token=token, now=now)
        assert (bearer.tenant_id, bearer.scopes) == (tenant, frozenset({"billing:read"}))

    def test_notes_its_use_every_few_minutes(self, tenant: int, now: datetime) -> None:
        token = api.issue_api_token(name="erp", scopes={"billing:read"}, expires_at=None)
        seen = []
        for minutes in (0, 4, 5):
            api.bearer_of(token=token, now=now + timedelta(minutes=minutes))
            seen.append(api.list_api_tokens()[0].last_used_at)
        assert seen == [now, now, now + timedelta(minutes=5)]

    @pytest.mark.parametrize("bad", ["", "mc", "mc.x.y", "mc.1.", "mc.999999999.zzz", "a.b.c.d"])
    def test_refuses_what_proves_nothing(self, tenant: int, now: datetime, bad: str) -> None:
        with pytest.raises(TokenInvalid):
            api.bearer_of(token=bad, now=now)

    def test_refuses_a_token_moved_to_another_tenant(
        self, tenant: int, other_tenant: int, now: datetime
    ) -> None:
        token = api.issue_api_token(name="erp", scopes={"billing:read"}, expires_at=None)
        secret = token.rsplit(".", 1)[1]
        with pytest.raises(TokenInvalid):
            api.bearer_of(token=f"mc.{other_tenant}.{secret}", now=now)
