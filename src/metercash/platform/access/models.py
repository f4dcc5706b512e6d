"""Staff users, their sign-in attempts, one-time tokens and API tokens."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from metercash.platform.access.permissions import permitted
from metercash.platform.tenancy.base import ScopedManager, TenantModel


class StaffUser(AbstractBaseUser, TenantModel):
    """A person who works for the tenant; the name is never given to another person."""

    username = models.CharField(max_length=40)
    display_name = models.CharField(max_length=80)
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    failed_attempts = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects: ScopedManager = ScopedManager()

    class Meta(TenantModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "username"], name="access_username_once_per_tenant"
            )
        ]

    def has(self, permission: str) -> bool:
        """Whether the user's roles carry the permission."""
        return permitted(self.roles, permission)


class SignInAttempt(TenantModel):
    """Every try to sign in, and every guess of a resident at an account; append-only."""

    at = models.DateTimeField()
    username = models.CharField(max_length=40)
    address = models.CharField(max_length=64)
    succeeded = models.BooleanField()

    class Meta(TenantModel.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["tenant_id", "address", "-at"], name="access_attempts_by_address"),
            models.Index(fields=["tenant_id", "username", "-at"], name="access_attempts_by_name"),
        ]


class OneTimeToken(TenantModel):
    """Lets one person set a first password once; only its hash is stored."""

    purpose = models.CharField(max_length=20)
    user = models.ForeignKey(
        StaffUser, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    secret_sha256 = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "secret_sha256"], name="access_one_time_token_once"
            )
        ]


class ApiToken(TenantModel):
    """A program's key to the API; only its hash is stored."""

    name = models.CharField(max_length=80)
    secret_sha256 = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=80, default="")
    last_used_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "secret_sha256"], name="access_api_token_once"
            )
        ]
