"""How the company is set up: e-mail and the WeChat Pay account. No secret is ever shown."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metercash.contexts.notifications import api as notifications
from metercash.contexts.notifications.contracts import MailSetup, Security, Transport
from metercash.contexts.payments import api as payments
from metercash.interfaces.console import clock, failures, params
from metercash.kernel.errors import MetercashError
from metercash.platform.access import requires


PASSWORD_MAX = 200
EXPIRY_WARNING = timedelta(days=30)


@requires("notifications.configure")
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """How e-mail leaves, and the form that changes it."""
    failure, setup = "", notifications.mail_setup()
    if request.method == "POST":
        setup = MailSetup(
            transport=params.text(request.POST, "transport"),
            host=params.text(request.POST, "host", 200),
            port=params.number(request.POST, "port") or 0,
            security=params.text(request.POST, "security"),
            username=params.text(request.POST, "username", 200),
            sender=params.text(request.POST, "sender", 200),
            reply_to=params.text(request.POST, "reply_to", 200),
            has_password=setup.has_password,
        )
        typed = request.POST.get("password", "")[:PASSWORD_MAX]
        password = "" if request.POST.get("forget") == "1" else typed or None
        try:
            notifications.configure_mail(setup=setup, password=password, now=clock.now())
        except MetercashError as error:
            failure = failures.sentence(error)
        else:
            messages.success(request, _("邮件设置已保存。"))
            return redirect("console:mail")
    context = {
        "setup": setup,
        "failure": failure,
        "transports": list(Transport),
        "securities": list(Security),
    }
    return render(request, "console/mail.html", context, status=422 if failure else 200)


@requires("notifications.configure")
@require_POST
def mail_test(request: HttpRequest) -> HttpResponse:
    """Send a test message now and say what the server said."""
    recipient = params.text(request.POST, "recipient", 200)
    try:
        notifications.send_test(recipient=recipient, now=clock.now())
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("测试邮件已交给邮件服务器，请查收：%(to)s") % {"to": recipient})
    return redirect("console:mail")


@requires("payments.setup")
@require_safe
def wechat(request: HttpRequest) -> HttpResponse:
    """What is configured with WeChat Pay, masked, and when it expires."""
    soon = clock.today() + EXPIRY_WARNING
    context = {"setup": payments.provider_setup(), "soon": soon, "today": clock.today()}
    return render(request, "console/wechat.html", context)


@requires("payments.setup")
@require_POST
def wechat_check(request: HttpRequest) -> HttpResponse:
    """Ask the provider whether our signature and theirs hold."""
    try:
        found = payments.check_provider(now=clock.now())
    except MetercashError as error:
        failures.tell(request, error)
    else:
        if found.ok:
            messages.success(request, _("检查通过：签名被接受，应答验签通过。"))
        else:
            messages.error(request, _("检查未通过：%(reason)s") % {"reason": found.reason})
    return redirect("console:wechat")
