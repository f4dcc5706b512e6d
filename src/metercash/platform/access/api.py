"""Signing in and out, users, roles and tokens."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from metercash.kernel.errors import InvalidInput, NotFound
from metercash.platform import audit, db, tenancy
from metercash.platform.access.errors import (
    RolesConflict,
    SignInRefused,
    TokenInvalid,
    UserLocked,
)
from metercash.platform.access.models import ApiToken, OneTimeToken, SignInAttempt, StaffUser
from metercash.platform.access.passwords import check_strength
from metercash.platform.access.permissions import SCOPES, Role, conflict
from metercash.platform.tenancy.models import Tenant


FAILURES_MAX = 5
LOCK = timedelta(minutes=30)
TOKEN_LIFE = timedelta(hours=24)
TOKEN_NAME_LENGTH_MAX = 80
ADDRESS_FAILURES_MAX = 60
ADDRESS_WINDOW = timedelta(minutes=15)
USE_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class User:
    """A staff user as pages show it."""

    user_id: int
    username: str
    display_name: str
    roles: tuple[Role, ...]
    is_active: bool
    locked_until: datetime | None
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program's token as it is listed.

    Attributes:
        created_by: Who issued it; empty where that was not yet kept.
        last_used_at: When it last opened the API, to within five minutes; None for never.
    """

    token_id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """A program that proved its token."""

    token_id: int
    name: str
    tenant_id: int
    scopes: frozenset[str]


def log_in(
    request: HttpRequest, tenant_code: str, username: str, password: str, now: datetime
) -> StaffUser:
    """Check the password and start a fresh session.

    Raises:
        SignInRefused: if company, user or password is wrong; takes the same time for each.
        UserLocked: after five failures, for thirty minutes.
    """
    tenant = Tenant.objects.filter(code=tenant_code).first()
    if tenant is None:
        make_password(password)
        raise SignInRefused
    address = request.META.get("REMOTE_ADDR", "")
    with tenancy.bind(tenant.id):
        user = _verify(username=username, password=password, address=address, now=now)
    request.session.cycle_key()
    request.session.update(
        {
            "tenant_id": tenant.id,
            "user_id": user.id,
            "stamp": user.get_session_auth_hash(),
            "started_at": now.timestamp(),
            "seen_at": now.timestamp(),
        }
    )
    return user


def log_out(request: HttpRequest) -> None:
    """End the session and forget everything in it."""
    request.session.flush()


@db.transaction()
def create_user(
    *,
    username: str,
    display_name: str,
    roles: Collection[Role],
    password: str | None,
    must_change_password: bool = True,
) -> User:
    """Add a staff user.

    Args:
        password: None leaves the user without one until a one-time token sets it.

    Raises:
        RolesConflict: if the roles may not be held by one person.
        PasswordTooWeak: if the password does not meet the policy.
    """
    if conflict(roles):
        raise RolesConflict
    user = StaffUser(
        username=username,
        display_name=display_name,
        roles=sorted(roles),
        must_change_password=must_change_password,
    )
    if password is None:
        user.set_unusable_password()
    else:
        check_strength(password=password, username=username)
        user.set_password(password)
    user.save()
    audit.record(
        action="access.user.create", subject=f"user:{user.id}", detail={"roles": sorted(roles)}
    )
    return _view(user)


@db.transaction()
def list_users() -> list[User]:
    """Every staff user of the tenant, by name."""
    return [_view(user) for user in StaffUser.objects.order_by("username")]


@db.transaction()
def assign_roles(*, user_id: int, roles: Collection[Role]) -> User:
    """Replace a user's roles.

    Raises:
        RolesConflict: if the roles may not be held by one person.
    """
    if conflict(roles):
        raise RolesConflict
    user = _locked(user_id)
    before = list(user.roles)
    user.roles = sorted(roles)
    user.save(update_fields=["roles"])
    audit.record(
        action="access.roles.assign",
        subject=f"user:{user_id}",
        detail={"before": before, "after": sorted(roles)},
    )
    return _view(user)


@db.transaction()
def set_active(*, user_id: int, active: bool) -> User:
    """Disable or enable a user; disabling ends every session at its next request."""
    user = _locked(user_id)
    user.is_active = active
    user.failed_attempts, user.locked_until = 0, None
    user.save(update_fields=["is_active", "failed_attempts", "locked_until"])
    action = "access.user.enable" if active else "access.user.disable"
    audit.record(action=action, subject=f"user:{user_id}")
    return _view(user)


@db.transaction()
def change_password(*, user_id: int, password: str) -> None:
    """Set a new password; sessions opened with the old one end.

    Raises:
        PasswordTooWeak: if it does not meet the policy.
    """
    user = _locked(user_id)
    check_strength(password=password, username=user.username)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record(action="access.password.change", subject=f"user:{user_id}")


@db.transaction()
def issue_one_time_token(*, user_id: int, now: datetime) -> str:
    """A secret with which the user sets a password once, within a day."""
    secret = secrets.token_urlsafe(32)
    OneTimeToken.objects.create(
        purpose="PASSWORD",
        user_id=user_id,
        secret_sha256=_sha256(secret),
        expires_at=now + TOKEN_LIFE,
    )
    audit.record(action="access.token.issue", subject=f"user:{user_id}")
    return secret


@db.transaction()
def redeem_one_time_token(*, secret: str, password: str, now: datetime) -> int:
    """Set the password the token stands for and use the token up.

    Returns:
        The user's id.

    Raises:
        TokenInvalid: if it is unknown, used or expired.
        PasswordTooWeak: if the password does not meet the policy; the token stays usable.
    """
    token = (
        OneTimeToken.objects.select_for_update()
        .filter(secret_sha256=_sha256(secret), used_at__isnull=True, expires_at__gt=now)
        .first()
    )
    if token is None:
        raise TokenInvalid
    change_password(user_id=token.user_id, password=password)
    token.used_at = now
    token.save(update_fields=["used_at"])
    return int(token.user_id)


def redeem_for_tenant(*, tenant_code: str, secret: str, password: str, now: datetime) -> int:
    """Like :func:`redeem_one_time_token`, for a visitor who names the company.

    Raises:
        TokenInvalid: also if there is no such company.
    """
    tenant = Tenant.objects.filter(code=tenant_code).first()
    if tenant is None:
        raise TokenInvalid
    with tenancy.bind(tenant.id):
        return redeem_one_time_token(secret=secret, password=password, now=now)


@db.transaction()
def issue_api_token(*, name: str, scopes: Collection[str], expires_at: datetime | None) -> str:
    """Make a key for a program; shown once. Its first part names the tenant.

    Raises:
        InvalidInput: if the name is empty or too long, or a scope is none there is.
    """
    if not name.strip() or len(name) > TOKEN_NAME_LENGTH_MAX:
        raise InvalidInput(field="名称", reason=f"应为 1 至 {TOKEN_NAME_LENGTH_MAX} 个字")
    unknown = sorted(set(scopes) - SCOPES)
    if unknown or not scopes:
        raise InvalidInput(field="权限范围", reason=f"{unknown}；可用：{'、'.join(sorted(SCOPES))}")
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name.strip(), scopes=sorted(scopes), secret_sha256=_sha256(secret),
        expires_at=expires_at, created_by=audit.current_actor().name,
    )  # fmt: skip
    audit.record(
        action="access.api_token.issue",
        subject=f"token:{token.id}",
        detail={"program": token.name, "scopes": sorted(scopes)},
    )
    return f"mc.{tenancy.current_id()}.{secret}"


@db.transaction()
def list_api_tokens() -> list[ApiKey]:
    """Every token of the company, oldest first; never the secret."""
    return [
        ApiKey(
            token_id=row.id,
            name=row.name,
            scopes=tuple(row.scopes),
            created_at=row.created_at,
            created_by=row.created_by,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
        for row in ApiToken.objects.order_by("id")
    ]


@db.transaction()
def revoke_api_token(*, token_id: int, now: datetime) -> None:
    """End a token at once; ending it twice changes nothing.

    Raises:
        NotFound: if the company has no such token.
    """
    token: ApiToken | None = ApiToken.objects.select_for_update().filter(id=token_id).first()
    if token is None:
        raise NotFound(what="接口令牌")
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        audit.record(
            action="access.api_token.revoke",
            subject=f"token:{token.id}",
            detail={"program": token.name},
        )


def bearer_of(*, token: str, now: datetime) -> Bearer:
    """Who stands behind an API token; its use is noted at most every five minutes.

    Raises:
        TokenInvalid: if it is malformed, unknown, expired or revoked.
    """
    prefix, _, rest = token.partition(".")
    tenant_text, _, secret = rest.partition(".")
    if prefix != "mc" or not tenant_text.isdecimal() or len(tenant_text) > 18 or not secret:
        raise TokenInvalid
    with tenancy.bind(int(tenant_text)), db.transaction():
        row = ApiToken.objects.filter(
            secret_sha256=_sha256(secret), revoked_at__isnull=True
        ).first()
        if row is None or (row.expires_at is not None and row.expires_at <= now):
            raise TokenInvalid
        if row.last_used_at is None or now - row.last_used_at >= USE_NOTED_EVERY:
            ApiToken.objects.filter(id=row.id).update(last_used_at=now)
    return Bearer(row.id, row.name, row.tenant_id, frozenset(row.scopes))


def _verify(*, username: str, password: str, address: str, now: datetime) -> StaffUser:
    refusal: Exception | None = None
    with db.transaction():
        user: StaffUser | None = (
            StaffUser.objects.select_for_update().filter(username=username).first()
        )
        if _address_exhausted(address=address, now=now):
            refusal = SignInRefused()
        elif user is None or not user.is_active:
            make_password(password)
            refusal = SignInRefused()
        elif user.locked_until is not None and now < user.locked_until:
            refusal = UserLocked(until=f"{user.locked_until:%H:%M}")
        elif not user.check_password(password):
            _count_failure(user, now)
            refusal = SignInRefused()
        else:
            user.failed_attempts, user.locked_until, user.last_login = 0, None, now
            user.save(update_fields=["failed_attempts", "locked_until", "last_login"])
        SignInAttempt.objects.create(
            at=now, username=username[:40], address=address, succeeded=refusal is None
        )
    if refusal is not None or user is None:
        raise refusal or SignInRefused()
    return user


def _address_exhausted(*, address: str, now: datetime) -> bool:
    failures = SignInAttempt.objects.filter(
        address=address, at__gt=now - ADDRESS_WINDOW, succeeded=False
    ).count()
    return bool(failures >= ADDRESS_FAILURES_MAX)


def _count_failure(user: StaffUser, now: datetime) -> None:
    user.failed_attempts += 1
    if user.failed_attempts >= FAILURES_MAX:
        user.failed_attempts, user.locked_until = 0, now + LOCK
    user.save(update_fields=["failed_attempts", "locked_until"])


def _locked(user_id: int) -> StaffUser:
    user: StaffUser | None = StaffUser.objects.select_for_update().filter(id=user_id).first()
    if user is None:
        raise NotFound(what="员工")
    return user


def _view(user: StaffUser) -> User:
    return User(
        user_id=user.id,
        username=user.username,
        display_name=user.display_name,
        roles=tuple(Role(role) for role in user.roles),
        is_active=user.is_active,
        locked_until=user.locked_until,
        last_login=user.last_login,
    )


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
