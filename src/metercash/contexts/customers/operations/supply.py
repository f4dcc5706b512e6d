"""Days without supply, and the status lists show, which follows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection
from django.db.models import Q

from metercash.contexts.customers.contracts import GapKind, ServicePointNotFound, SupplyGap
from metercash.contexts.customers.core import facts as deciding
from metercash.contexts.customers.models import ServicePoint
from metercash.contexts.customers.models import SupplyGap as Gap
from metercash.contexts.customers.operations import bulk, refusals
from metercash.platform import audit, db, outbox, tenancy


@db.transaction_required
def show(as_of: date, service_point_ids: Sequence[int] | None = None) -> int:
    """Bring the status of the points (``None``: of all) to what their gaps say of the day; changes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with now as (
                select s.id, s.supply_status as old, case when bool_or(
                    g.id is not null and (g.valid_from is null or g.valid_from <= %(day)s)
                    and (g.valid_until is null or g.valid_until > %(day)s)
                ) then 'STOPPED' else 'SUPPLIED' end as status
                from customers_servicepoint s
                left join customers_supplygap g
                  on g.tenant_id = s.tenant_id and g.service_point_id = s.id
                where s.tenant_id = %(tenant)s and (
                    s.id = any(%(ids)s::bigint[])
                    or (%(ids)s::bigint[] is null
                        and (s.supply_status = 'STOPPED' or g.id is not null)))
                group by s.tenant_id, s.id, s.supply_status
            )
            update customers_servicepoint s set supply_status = now.status from now
            where s.tenant_id = %(tenant)s and s.id = now.id and now.status <> now.old
            returning s.id, s.supply_status
            """,
            {
                "tenant": tenancy.current_id(),
                "day": as_of,
                "ids": None if service_point_ids is None else list(service_point_ids),
            },
        )
        changed = cursor.fetchall()
    for point, status in changed:
        outbox.publish(
            "customers.supply.changed",
            service_point_id=point,
            status=status,
            on=as_of.isoformat(),
        )
    return len(changed)


@db.transaction_required
def stop(*, service_point_id: int, on: date, until: date | None, reason: str, as_of: date) -> None:
    """Stop the point from ``on``, until a day that is known or until it is resumed."""
    _lock(service_point_id)
    fact = SupplyGap(GapKind.STOPPED, valid_from=on, valid_until=until, note=reason)
    deciding.check(fact)
    with refusals.translated():
        Gap.objects.create(
            service_point_id=service_point_id,
            kind=fact.kind,
            valid_from=on,
            valid_until=until,
            note=reason,
        )
    show(as_of, [service_point_id])
    _tell(service_point_id, "STOPPED", on, reason)


@db.transaction_required
def resume(*, service_point_id: int, on: date, reason: str, as_of: date) -> None:
    """Supply the point again from ``on``."""
    _lock(service_point_id)
    resume_many([service_point_id], on)
    show(as_of, [service_point_id])
    _tell(service_point_id, "SUPPLIED", on, reason)


@db.transaction_required
def stop_many(since: Mapping[int, date]) -> None:
    """Points become stopped from their day on; those with an open gap stay as they are."""
    if not since:
        return
    stopped = set(
        Gap.objects.filter(service_point_id__in=since, valid_until=None).values_list(
            "service_point_id", flat=True
        )
    )
    bulk.insert(
        Gap,
        ["service_point_id", "kind", "valid_from", "note"],
        [(point, GapKind.STOPPED, day, "") for point, day in since.items() if point not in stopped],
    )


@db.transaction_required
def resume_many(service_point_ids: Sequence[int], on: date) -> None:
    """Supply begins on the day at the latest; a stop that was to begin later for good is given up."""
    if not service_point_ids:
        return
    gaps = Gap.objects.filter(service_point_id__in=service_point_ids)
    gaps.filter(Q(valid_from=on) | Q(valid_from__gt=on, valid_until=None)).delete()
    without = Q(valid_until=None) | Q(valid_until__gt=on)
    gaps.filter(without, Q(valid_from=None) | Q(valid_from__lt=on)).update(valid_until=on)


def _lock(service_point_id: int) -> None:
    if ServicePoint.objects.select_for_update().filter(id=service_point_id).first() is None:
        raise ServicePointNotFound(service_point=service_point_id)


def _tell(service_point_id: int, status: str, on: date, reason: str) -> None:
    audit.record(
        action="customers.supply.change",
        subject=f"service_point:{service_point_id}",
        detail={"status": status, "on": on.isoformat(), "reason": reason},
    )
