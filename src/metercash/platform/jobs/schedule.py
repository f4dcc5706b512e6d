"""Routines: work that recurs for every tenant, by the tenant's own clock.

A routine has slots: the minute, or the civil day from an hour on. It runs once per slot. The slot is marked
done after the work, so a worker that dies leaves it to be done again; routines are idempotent. One that
fails is tried again later, with its error kept beside it, and concerns no other tenant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from metercash.kernel.errors import MetercashError
from metercash.platform import audit, db, tenancy


RETRY_MIN = timedelta(minutes=1)
RETRY_MAX = timedelta(hours=1)

log = structlog.get_logger(__name__)

Function = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Routine:
    """Recurring work.

    Attributes:
        at: Local time from which the day's run is due; None runs every minute.
    """

    name: str
    function: Function
    at: time | None

    def slot(self, local: datetime) -> str | None:
        """The slot an instant of the tenant's clock belongs to, None before the day's hour."""
        if self.at is None:
            return f"{local.astimezone(UTC):%Y%m%dT%H%M}"
        return local.date().isoformat() if local.time() >= self.at else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a routine of a tenant stands, for operators."""

    tenant: str
    name: str
    slot: str
    done_at: datetime | None
    failures: int
    failed_at: datetime | None
    error: str


_routines: dict[str, Routine] = {}


def every_minute(name: str, function: Function) -> None:
    """Run a function for every tenant each minute; it receives ``now``."""
    _routines[name] = Routine(name, function, None)


def daily(name: str, function: Function, *, at: time) -> None:
    """Run a function for every tenant once a day, from a local time on; it receives ``now``."""
    _routines[name] = Routine(name, function, at)


def routines() -> list[Routine]:
    """Everything scheduled, by name."""
    return sorted(_routines.values(), key=lambda routine: routine.name)


def due(*, tenant: "tenancy.Tenant", now: datetime) -> list[str]:
    """Names of the routines the tenant has to run now."""
    with tenancy.bind(tenant.id), db.transaction():
        from metercash.platform.jobs.models import RoutineState

        known = {row.name: row for row in RoutineState.objects.all()}
    local = now.astimezone(ZoneInfo(tenant.time_zone))
    names = []
    for routine in routines():
        slot, state = routine.slot(local), known.get(routine.name)
        if slot is None or (state is not None and state.slot == slot):
            continue
        if state is None or state.next_try_at is None or state.next_try_at <= now:
            names.append(routine.name)
    return names


def run_due(*, tenant: "tenancy.Tenant", name: str, now: datetime) -> bool:
    """Run one routine of a tenant unless its slot is done; a failure is recorded, not raised.

    Returns:
        Whether nothing is left to do for the slot.
    """
    if name not in due(tenant=tenant, now=now):
        return True
    routine = _routines[name]
    slot = routine.slot(now.astimezone(ZoneInfo(tenant.time_zone)))
    with tenancy.bind(tenant.id), audit.acting(audit.Actor(None, f"job:{name}")):
        try:
            routine.function(now=now)
        except Exception as error:  # noqa: BLE001 - the outermost edge: kept with the tenant's routine
            _failed(name, error, now)
            log.warning("routine.failed", routine=name, tenant=tenant.code, error=str(error)[:200])
            return False
        _done(name, slot or "", now)
    return True


def standing() -> list[Standing]:
    """How every routine of every tenant stands."""
    from metercash.platform.jobs.models import RoutineState

    found: list[Standing] = []
    for tenant in tenancy.Tenant.objects.order_by("id"):
        with tenancy.bind(tenant.id), db.transaction():
            rows = list(RoutineState.objects.order_by("name"))
        found.extend(
            Standing(
                tenant.code, row.name, row.slot, row.done_at, row.failures, row.failed_at, row.error
            )
            for row in rows
        )
    return found


def _done(name: str, slot: str, now: datetime) -> None:
    _keep(name, slot=slot, done_at=now, failures=0, next_try_at=None, error="")


def _failed(name: str, error: Exception, now: datetime) -> None:
    from metercash.platform.jobs.models import RoutineState

    with db.transaction():
        before = RoutineState.objects.filter(name=name).first()
    failures = (before.failures if before else 0) + 1
    wait = min(RETRY_MIN * 2 ** min(failures - 1, 10), RETRY_MAX)
    sentence = error.chinese if isinstance(error, MetercashError) else str(error)
    text = f"{type(error).__name__}: {sentence}"[:400]
    _keep(name, failures=failures, failed_at=now, next_try_at=now + wait, error=text)


def _keep(name: str, **values: object) -> None:
    from metercash.platform.jobs.models import RoutineState

    with db.transaction():
        RoutineState.objects.update_or_create(
            tenant_id=tenancy.current_id(), name=name, defaults=values
        )
