"""Users, their roles, and the audit trail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.customers import api as customers
from metercash.interfaces.console import clock, deeds, failures, listing, params
from metercash.interfaces.web.states import name_of
from metercash.kernel.errors import MetercashError
from metercash.platform import audit
from metercash.platform.access import Role, requires
from metercash.platform.access import api as access
from metercash.platform.access.permissions import SEPARATED


@requires("users.view")
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """Everyone with an account, and what each role is called."""
    rows = [(user, [name_of(role) for role in user.roles]) for user in access.list_users()]
    context = {
        "rows": rows,
        "roles": [(role, name_of(role), role in SEPARATED) for role in Role],
        "now": clock.now(),
    }
    return render(request, "console/users.html", context)


@requires("users.manage")
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Create a user without a password and show the one-time address."""
    try:
        user = access.create_user(
            username=params.text(request.POST, "username", 40),
            display_name=params.text(request.POST, "display_name", 80),
            roles=[],
            password=None,
        )
        secret = access.issue_one_time_token(user_id=user.user_id, now=clock.now())
    except MetercashError as error:
        failures.tell(request, error)
    else:
        address = request.build_absolute_uri(reverse("console:first_password", args=[secret]))
        messages.warning(
            request,
            _("请把这个一次性地址交给本人设置密码（24 小时内有效）：%(url)s") % {"url": address},
        )
    return redirect("console:users")


@requires("roles.assign")
@require_POST
def assign(request: HttpRequest, user_id: int) -> HttpResponse:
    """Replace a user's roles."""
    chosen = [Role(code) for code in request.POST.getlist("role") if code in Role.__members__]
    try:
        access.assign_roles(user_id=user_id, roles=chosen)
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("角色已更新。"))
    return redirect("console:users")


@requires("users.manage")
@require_POST
def activate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Disable or enable a user."""
    access.set_active(user_id=user_id, active=request.POST.get("active") == "1")
    messages.success(request, _("已更新。"))
    return redirect("console:users")


@requires("audit.view")
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The audit trail, newest first."""
    page, per_page = params.paging(request)
    found = audit.list_entries(
        action=params.text(request.GET, "action"),
        subject=params.text(request.GET, "subject"),
        actor=params.text(request.GET, "actor"),
        page=page,
        per_page=per_page,
    )
    known = customers.summaries(account_ids=deeds.accounts_of(found.items))
    numbers = {account_id: account.account_no for account_id, account in known.items()}
    staff = {user.user_id: user.display_name for user in access.list_users()}
    subject = params.text(request.GET, "subject")
    context = {
        "page": found,
        "rows": [deeds.in_words(entry, numbers, staff) for entry in found.items],
        "areas": deeds.AREAS.items(),
        "subject": subject,
        "subject_words": deeds.subject_in_words(subject),
    }
    return listing.respond(request, "console/audit.html", "console/_audit.html", context)
