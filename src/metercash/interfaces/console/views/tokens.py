"""Keys with which other programs use the API: listed, issued once, revoked."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.interfaces.console import clock, deeds, failures, params
from metercash.interfaces.web.states import name_of
from metercash.kernel.errors import MetercashError
from metercash.platform.access import api as access
from metercash.platform.access import requires
from metercash.platform.access.permissions import SCOPES


LIVES: Final = (30, 90, 180, 365, 730)
LIFE: Final = 365
EXPIRES_SOON: Final = timedelta(days=30)


@requires("tokens.view")
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """Every key of the company, the newest first; never a secret."""
    return render(request, "console/tokens.html", _context())


@requires("tokens.manage")
@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Issue a key and show it on this one answer, which nobody may keep."""
    days = params.number(request.POST, "days")
    name = params.text(request.POST, "name", access.TOKEN_NAME_LENGTH_MAX)
    try:
        secret = access.issue_api_token(
            name=name,
            scopes=request.POST.getlist("scope"),
            expires_at=clock.now() + timedelta(days=days if days in LIVES else LIFE),
        )
    except MetercashError as error:
        failures.tell(request, error)
        return redirect("console:tokens")
    context = _context() | {"secret": secret, "secret_name": name}
    response = render(request, "console/tokens.html", context)
    add_never_cache_headers(response)
    return response


@requires("tokens.manage")
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a key at once."""
    try:
        access.revoke_api_token(token_id=token_id, now=clock.now())
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("令牌已吊销，使用它的程序立即失去访问权限。"))
    return redirect("console:tokens")


def _context() -> dict[str, object]:
    now = clock.now()
    keys = sorted(access.list_api_tokens(), key=lambda key: -key.token_id)
    return {
        "rows": [
            (
                key,
                _state(key, now),
                [name_of(scope) for scope in key.scopes],
                deeds.actor_in_words(key.created_by),
            )
            for key in keys
        ],
        "scopes": [(scope, name_of(scope)) for scope in sorted(SCOPES)],
        "lives": LIVES,
        "life": LIFE,
    }


def _state(key: access.ApiKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "REVOKED"
    if key.expires_at is None or key.expires_at > now + EXPIRES_SOON:
        return "ACTIVE"
    return "EXPIRES_SOON" if key.expires_at > now else "EXPIRED"
