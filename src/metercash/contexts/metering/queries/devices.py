"""Reads of devices, their installation history and register reads."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db.models import F, Q, QuerySet

from metercash.contexts.metering import models
from metercash.contexts.metering.contracts import (
    Installation,
    MeterUnknown,
    RegisterKind,
    RegisterRead,
)
from metercash.contexts.metering.core.registers import Read, Register
from metercash.kernel.interval import Interval
from metercash.platform import db


@db.transaction_required
def installation_on(*, device_no: str, day: date) -> Installation:
    """Where a meter is installed on a day.

    Raises:
        MeterUnknown: if it is installed nowhere.
    """
    row = _history(Q(device__device_no=device_no) & _in_force(day)).first()
    if row is None:
        raise MeterUnknown(device=device_no, day=day.isoformat())
    return _installation(row)


@db.transaction_required
def installation_at(*, service_point_id: int, day: date) -> Installation | None:
    """The meter at a service point on a day, or None."""
    row = _history(Q(service_point_id=service_point_id) & _in_force(day)).first()
    return None if row is None else _installation(row)


@db.transaction_required
def installations(*, service_point_ids: Collection[int]) -> list[Installation]:
    """The whole installation history of service points, in order of time."""
    rows = _history(Q(service_point_id__in=service_point_ids))
    return [_installation(row) for row in rows]


@db.transaction_required
def installed_points(*, day: date) -> list[int]:
    """Service points with a meter in use on a day, sorted."""
    rows = models.Installation.objects.filter(_in_force(day)).order_by("service_point_id")
    return list(rows.values_list("service_point_id", flat=True))


@db.transaction_required
def mapping(*, device_nos: Collection[str]) -> pl.DataFrame:
    """What an import needs to know of meters: where they were, when, in what unit."""
    rows = models.Installation.objects.filter(device__device_no__in=list(device_nos)).values_list(
        "device__device_no",
        "service_point_id",
        "device__unit",
        "multiplier_milli",
        "installed_on",
        "removed_on",
    )
    schema = {
        "meter": pl.String,
        "channel_id": pl.Int64,
        "device_unit": pl.String,
        "multiplier_milli": pl.Int64,
        "installed_on": pl.Date,
        "removed_on": pl.Date,
    }
    return pl.DataFrame(list(rows), schema=schema, orient="row")


@db.transaction_required
def units(*, service_point_ids: Collection[int]) -> dict[int, str]:
    """The unit of the latest meter of each service point that ever had one."""
    rows = models.Installation.objects.filter(service_point_id__in=service_point_ids)
    return dict(rows.order_by("installed_on").values_list("service_point_id", "device__unit"))


@db.transaction_required
def current_reads(
    *, service_point_ids: Collection[int], register: RegisterKind = RegisterKind.ACTIVE
) -> list[RegisterRead]:
    """Reads of a register that no correction superseded, by service point, meter and day."""
    rows = _reads().filter(installation__service_point_id__in=service_point_ids, register=register)
    superseded = models.RegisterRead.objects.filter(
        supersedes_id__isnull=False,
        installation__service_point_id__in=service_point_ids,
    ).values_list("supersedes_id", flat=True)
    gone = set(superseded)
    return [_read(row) for row in rows if row["id"] not in gone]


@db.transaction_required
def read_history(*, service_point_id: int) -> list[RegisterRead]:
    """Every read of a service point, superseded ones included, oldest first."""
    rows = (
        _reads().filter(installation__service_point_id=service_point_id).order_by("read_on", "id")
    )
    return [_read(row) for row in rows]


@db.transaction_required
def registers(*, service_point_ids: Sequence[int]) -> dict[int, list[Register]]:
    """The registers of service points, start and end of each installation being reads of their own."""
    reads: dict[int, list[Read]] = defaultdict(list)
    for read in current_reads(service_point_ids=service_point_ids):
        reads[read.installation_id].append(Read(read.read_on, read.value_milli))
    found: dict[int, list[Register]] = defaultdict(list)
    for one in installations(service_point_ids=service_point_ids):
        by_day = {one.installed_on: Read(one.installed_on, one.start_register_milli)}
        by_day |= {read.on: read for read in reads[one.installation_id]}
        if one.removed_on is not None and one.end_register_milli is not None:
            by_day[one.removed_on] = Read(one.removed_on, one.end_register_milli)
        ordered = [by_day[day] for day in sorted(by_day)]
        found[one.service_point_id].append(
            Register(ordered, one.register_digits, one.multiplier_milli)
        )
    return found


@db.transaction_required
def other_registers(
    *, service_point_ids: Sequence[int], register: RegisterKind
) -> dict[int, list[Register]]:
    """A kind of register of the points where it was ever read; only reads tell where it stood."""
    reads: dict[int, list[Read]] = defaultdict(list)
    for read in current_reads(service_point_ids=service_point_ids, register=register):
        reads[read.installation_id].append(Read(read.read_on, read.value_milli))
    found: dict[int, list[Register]] = defaultdict(list)
    for one in installations(service_point_ids=service_point_ids) if reads else []:
        if one.installation_id in reads:
            ordered = reads[one.installation_id]
            made = Register(ordered, one.register_digits, one.multiplier_milli)
            found[one.service_point_id].append(made)
    return found


@db.transaction_required
def points_read(*, period: Interval[date]) -> set[int]:
    """Service points whose register was read in a period."""
    rows = models.RegisterRead.objects.filter(read_on__gte=period.start, read_on__lt=period.end)
    return set(rows.values_list("installation__service_point_id", flat=True))


def _in_force(day: date) -> Q:
    return Q(installed_on__lte=day) & (Q(removed_on__isnull=True) | Q(removed_on__gt=day))


def _history(condition: Q) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = models.Installation.objects.filter(condition).annotate(
        device_no=F("device__device_no"),
        unit=F("device__unit"),
        register_digits=F("device__register_digits"),
    )
    return rows.order_by("service_point_id", "installed_on")


def _installation(row: Any) -> Installation:
    return Installation(
        installation_id=row.id,
        service_point_id=row.service_point_id,
        device_id=row.device_id,
        device_no=row.device_no,
        unit=row.unit,
        register_digits=row.register_digits,
        multiplier_milli=row.multiplier_milli,
        installed_on=row.installed_on,
        removed_on=row.removed_on,
        start_register_milli=row.start_register_milli,
        end_register_milli=row.end_register_milli,
    )


def _reads() -> QuerySet[Any, Any]:
    return models.RegisterRead.objects.order_by("installation_id", "read_on", "id").values(
        "id",
        "installation_id",
        "installation__service_point_id",
        "installation__device__device_no",
        "read_on",
        "value_milli",
        "source",
        "note",
        "supersedes_id",
        "recorded_at",
        "register",
    )


def _read(row: dict[str, Any]) -> RegisterRead:
    return RegisterRead(
        read_id=row["id"],
        installation_id=row["installation_id"],
        service_point_id=row["installation__service_point_id"],
        device_no=row["installation__device__device_no"],
        read_on=row["read_on"],
        value_milli=row["value_milli"],
        source=row["source"],
        note=row["note"],
        supersedes_id=row["supersedes_id"],
        recorded_at=row["recorded_at"],
        register=RegisterKind(row["register"]),
    )
