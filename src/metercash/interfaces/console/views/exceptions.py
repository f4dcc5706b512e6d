"""Bills that wait for a person, with the evidence to decide on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import (
    POSTABLE_REASONS,
    REASON_LABELS,
    ExceptionStatus,
    Reason,
)
from metercash.interfaces.console import clock, failures, listing, params
from metercash.kernel.errors import MetercashError
from metercash.platform.access import requires


@requires("billing.review")
@require_safe
def exceptions(request: HttpRequest) -> HttpResponse:
    """The queue."""
    page, per_page = params.paging(request)
    status = params.text(request.GET, "status", 20) or ExceptionStatus.OPEN
    reason = params.text(request.GET, "reason", 20)
    found = billing.list_exceptions(
        status=status if status in ExceptionStatus.__members__ else None,
        reason=reason if reason in Reason.__members__ else None,
        run_id=params.number(request.GET, "run"),
        page=page,
        per_page=per_page,
    )
    context = {
        "page": found,
        "rows": [(row, row.reason in POSTABLE_REASONS) for row in found.items],
        "statuses": list(ExceptionStatus),
        "status": status,
        "reasons": REASON_LABELS.items(),
    }
    return listing.respond(request, "console/exceptions.html", "console/_exceptions.html", context)


@requires("billing.review")
@require_POST
def decide(request: HttpRequest, exception_id: int) -> HttpResponse:
    """Post the bill as it is, or send it back."""
    try:
        billing.decide_exception(
            exception_id=exception_id,
            approve=request.POST.get("decision") == "approve",
            note=params.text(request.POST, "note", 200),
            by=request.user.id,  # type: ignore[union-attr,arg-type]
            now=clock.now(),
        )
    except MetercashError as error:
        failures.tell(request, error)
    else:
        messages.success(request, _("已记录处理意见。"))
    return redirect("console:exceptions")
