"""The permission check of a page: one decorator per route, readable by the access-matrix test."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from metercash.kernel.errors import PermissionRefused
from metercash.platform.access.permissions import PERMISSION_NAMES, PERMISSIONS


Page = Callable[..., HttpResponse]


def requires(permission: str) -> Callable[[Page], Page]:
    """Let the page run only for a signed-in user whose roles carry the permission.

    Raises:
        PermissionRefused: at request time; the middleware turns it into the no-permission page.
    """
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def decorate(view: Page) -> Page:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = getattr(request, "user", None)
            if user is None:
                return _to_sign_in(request)
            if not user.has(permission):
                raise PermissionRefused(permission=permission, label=PERMISSION_NAMES[permission])
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return redirect(target)
