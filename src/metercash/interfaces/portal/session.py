"""Which accounts a resident has proved to be theirs, kept in the session."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from metercash.kernel.errors import MetercashError, NotFound
from metercash.platform import audit, tenancy
from metercash.platform.tenancy.models import Tenant


ATTEMPTS_MAX = 8
ATTEMPTS_WINDOW = timedelta(minutes=30)

Page = Callable[..., HttpResponse]


class TooManyAttempts(MetercashError):
    """Somebody guesses at accounts."""

    code = "portal.too_many_attempts"
    status = 429
    message_zh = "尝试次数过多，请稍后再试，或到营业厅办理。"
    message_en = "Too many attempts; try again later or visit the service hall."


class ProofRefused(MetercashError):
    """Account number, name and phone do not belong together; never says which is wrong."""

    code = "portal.proof_refused"
    status = 422
    message_zh = "户号、户名与登记手机号不一致，请核对账单上的信息。"
    message_en = "Account number, name and phone do not belong together; see your paper bill."


def visitor(view: Page) -> Page:
    """Bind the company named in the address; anybody may see the page."""

    @wraps(view)
    def bound(request: HttpRequest, company: str, **kwargs: Any) -> HttpResponse:
        tenant = Tenant.objects.filter(code=company).first()
        if tenant is None:
            raise NotFound(what="供热或供电单位")
        request.tenant = tenant  # type: ignore[attr-defined]
        address = request.META.get("REMOTE_ADDR", "")
        actor = audit.Actor(None, "resident", address)
        with tenancy.bind(tenant.id), audit.acting(actor):
            return view(request, **kwargs)

    bound.public = True  # type: ignore[attr-defined]
    return bound


def resident(view: Page) -> Page:
    """Let the page run for the account the resident has chosen; others are sent to bind one first."""

    @visitor
    @wraps(view)
    def known(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        accounts = bound_accounts(request)
        if not accounts:
            return redirect("portal:bind", company=request.tenant.code)  # type: ignore[attr-defined]
        chosen = request.session.get(_key(request, "chosen"))
        account_id = chosen if chosen in accounts else accounts[0]
        return view(request, account_id=account_id, **kwargs)

    return known


def bound_accounts(request: HttpRequest) -> list[int]:
    """Ids of the accounts bound in this session for this company."""
    return list(request.session.get(_key(request, "accounts"), []))


def bind_account(request: HttpRequest, account_id: int) -> None:
    """Remember a proved account and choose it."""
    accounts = bound_accounts(request)
    if account_id not in accounts:
        accounts.append(account_id)
    request.session.cycle_key()
    request.session[_key(request, "accounts")] = accounts
    request.session[_key(request, "chosen")] = account_id


def unbind_account(request: HttpRequest, account_id: int) -> None:
    """Forget an account."""
    remaining = [bound for bound in bound_accounts(request) if bound != account_id]
    request.session[_key(request, "accounts")] = remaining


def choose_account(request: HttpRequest, account_id: int) -> None:
    """Show another of the bound accounts; one that was never proved is ignored."""
    if account_id in bound_accounts(request):
        request.session[_key(request, "chosen")] = account_id


def count_attempt(request: HttpRequest) -> None:
    """Count one try to bind.

    Raises:
        TooManyAttempts: after eight within thirty minutes.
    """
    now = datetime.now(UTC).timestamp()
    key = _key(request, "attempts")
    recent = [
        at for at in request.session.get(key, []) if now - at < ATTEMPTS_WINDOW.total_seconds()
    ]
    if len(recent) >= ATTEMPTS_MAX:
        raise TooManyAttempts
    request.session[key] = [*recent, now]


def _key(request: HttpRequest, name: str) -> str:
    return f"portal.{request.tenant.id}.{name}"  # type: ignore[attr-defined]
