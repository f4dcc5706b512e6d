"""Binds tenant, user and actor to each request; ends idle, old and revoked sessions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse

from metercash.platform import audit, db, tenancy
from metercash.platform.access.models import StaffUser


IDLE_MAX = timedelta(minutes=30)
SESSION_MAX = timedelta(hours=12)
TOUCH_EVERY = timedelta(seconds=60)


class StaffSession:
    """Gives pages ``request.user`` and ``request.tenant`` (None when nobody is signed in)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request as the signed-in user, or as a visitor."""
        request.user = request.tenant = None  # type: ignore[assignment,attr-defined]
        tenant_id = request.session.get("tenant_id")
        if tenant_id is None:
            return self.get_response(request)
        with tenancy.bind(tenant_id):
            user = self._user(request, now=datetime.now(UTC))
            if user is None:
                request.session.flush()
                return self.get_response(request)
            request.user = user
            request.tenant = tenancy.Tenant.objects.get(id=tenant_id)  # type: ignore[attr-defined]
            actor = audit.Actor(user.id, user.display_name, request.META.get("REMOTE_ADDR", ""))
            with audit.acting(actor):
                return self.get_response(request)

    def _user(self, request: HttpRequest, *, now: datetime) -> StaffUser | None:
        session = request.session
        idle = now - datetime.fromtimestamp(session["seen_at"], UTC)
        age = now - datetime.fromtimestamp(session["started_at"], UTC)
        if idle > IDLE_MAX or age > SESSION_MAX:
            return None
        with db.transaction():
            user: StaffUser | None = StaffUser.objects.filter(
                id=session["user_id"], is_active=True
            ).first()
        if user is None or user.get_session_auth_hash() != session["stamp"]:
            return None
        if idle > TOUCH_EVERY:
            session["seen_at"] = now.timestamp()
        return user
