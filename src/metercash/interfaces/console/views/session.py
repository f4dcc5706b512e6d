"""Signing in and out, the first password, one's own password."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from metercash.interfaces.console import failures, navigation, params
from metercash.interfaces.web.states import name_of
from metercash.kernel.errors import MetercashError
from metercash.platform import tenancy
from metercash.platform.access import api as access
from metercash.platform.access import requires
from metercash.platform.access.errors import TokenInvalid


PASSWORD_MAX = 128


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; open to everyone."""
    values = request.POST if request.method == "POST" else request.GET
    tenant_code = params.text(values, "tenant", 40)
    username = params.text(values, "username", 40)
    target = values.get("next", "")
    failure = ""
    if request.method == "POST":
        password = request.POST.get("password", "")[:PASSWORD_MAX]
        try:
            access.log_in(request, tenant_code, username, password, datetime.now(UTC))
        except MetercashError as error:
            failure = failures.sentence(error)
        else:
            safe = url_has_allowed_host_and_scheme(
                target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
            )
            return redirect(target if safe else "/console/")
    context = {
        "tenant_code": tenant_code, "username": username, "next": target, "failure": failure,
    }  # fmt: skip
    return render(request, "web/sign_in.html", context, status=401 if failure else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; open to everyone."""
    access.log_out(request)
    return redirect("console:sign_in")


@requires("session.own")
def home(request: HttpRequest) -> HttpResponse:
    """The first page for the user's roles."""
    user = request.user
    if user.must_change_password:  # type: ignore[union-attr]
        return redirect("console:profile")
    return redirect(f"console:{navigation.first_route(user)}")


@requires("session.own")
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is, what one may do, and one's password."""
    user = request.user
    if request.method == "POST":
        password = request.POST.get("password", "")[:PASSWORD_MAX]
        if not user.check_password(request.POST.get("current", "")[:PASSWORD_MAX]):
            messages.error(request, _("原密码不正确。"))
        elif password != request.POST.get("again", ""):
            messages.error(request, _("两次输入的新密码不一致。"))
        else:
            try:
                access.change_password(user_id=user.id, password=password)  # type: ignore[union-attr, arg-type]
            except MetercashError as error:
                failures.tell(request, error)
            else:
                access.log_out(request)
                messages.success(request, _("密码已修改，请重新登录。"))
                return redirect("console:sign_in")
    roles = [name_of(role) for role in user.roles]  # type: ignore[union-attr]
    return render(request, "console/profile.html", {"roles": roles})


@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Set the first password with a one-time token; open to who holds the token."""
    failure = ""
    if request.method == "POST":
        tenant_code = params.text(request.POST, "tenant", 40)
        password = request.POST.get("password", "")[:PASSWORD_MAX]
        if password != request.POST.get("again", ""):
            failure = _("两次输入的新密码不一致。")
        else:
            try:
                tenant = tenancy.Tenant.objects.filter(code=tenant_code).first()
                if tenant is None:
                    raise TokenInvalid
                with tenancy.bind(tenant.id):
                    access.redeem_one_time_token(
                        secret=secret, password=password, now=datetime.now(UTC)
                    )
            except MetercashError as error:
                failure = failures.sentence(error)
            else:
                return redirect("console:sign_in")
    return render(request, "console/first_password.html", {"failure": failure})


for _page in (sign_in, sign_out, first_password):
    setattr(_page, "public", True)  # noqa: B010 - a mark the access matrix reads
