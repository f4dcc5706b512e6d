"""Bill runs: make one, watch it, resume it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import EXECUTE_RUN, RunStatus
from metercash.contexts.tariffs import api as tariffs
from metercash.interfaces.console import clock, failures, params
from metercash.kernel.errors import InvalidInput, MetercashError
from metercash.kernel.interval import Interval
from metercash.platform import db, jobs
from metercash.platform.access import requires


@requires("billing.view")
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """Every run, newest first."""
    page, per_page = params.paging(request)
    found = billing.list_runs(page=page, per_page=per_page)
    return render(request, "console/runs.html", {"page": found})


@requires("billing.run")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose the period and start."""
    failure = ""
    if request.method == "POST":
        try:
            return redirect("console:runs_detail", _start(request))
        except MetercashError as error:
            failure = failures.sentence(error)
    context = {
        "failure": failure,
        "posted": request.POST,
        "kind": request.tenant.kind,  # type: ignore[attr-defined]
        "plans": sorted(tariffs.plan_titles().items(), key=lambda plan: plan[1]),
    }
    return render(request, "console/run_new.html", context)


@requires("billing.view")
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run; htmx asks for its progress every second while it goes on."""
    shown = billing.get_run(run_id=run_id)
    live = shown.status == RunStatus.RUNNING
    context = {"run": shown, "live": live, "resumable": not live and _resumable(shown.status)}
    part = request.headers.get("HX-Target") == "progress"
    return render(request, "console/_run.html" if part else "console/run.html", context)


@requires("billing.run")
@require_POST
def resume(request: HttpRequest, run_id: int) -> HttpResponse:
    """Execute what is left; chunks that are done stay done."""
    _queue(run_id)
    return redirect("console:runs_detail", run_id)


@requires("billing.run")
@require_POST
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Give up a run that has not finished."""
    try:
        billing.cancel_run(run_id=run_id)
    except MetercashError as error:
        failures.tell(request, error)
    return redirect("console:runs_detail", run_id)


def _start(request: HttpRequest) -> int:
    first = params.required_day(request.POST, "first", "账期起")
    last = params.required_day(request.POST, "last", "账期止")
    due = params.required_day(request.POST, "due", "缴费截止日")
    if last < first:
        raise InvalidInput(field="账期止", reason="不能早于账期起")
    commodity = params.text(request.POST, "commodity", 10)
    if commodity not in {"HEAT", "POWER"}:
        raise InvalidInput(field="业务", reason="请选择供热或供电")
    settled_by = params.text(request.POST, "settlement", 60) or None
    with db.transaction():
        created = billing.create_run(
            period=Interval(first, type(last).fromordinal(last.toordinal() + 1)),
            purpose=billing.SETTLEMENT if settled_by else billing.REGULAR,
            settlement_plan=settled_by,
            commodity=commodity,
            plan_code=params.text(request.POST, "plan", 60) or None,
            due_date=due,
            now=clock.now(),
        )
        _queue(created.run_id)
    return created.run_id


def _queue(run_id: int) -> None:
    with db.transaction():
        jobs.defer(EXECUTE_RUN, lock=f"run:{run_id}", run_id=run_id)


def _resumable(status: str) -> bool:
    return status in {RunStatus.DRAFT, RunStatus.FAILED}
