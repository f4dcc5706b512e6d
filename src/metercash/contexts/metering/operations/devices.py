"""Install, exchange and remove meters; record and correct register reads."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError

from metercash.contexts.metering import models
from metercash.contexts.metering.contracts import (
    Installation,
    InstallationOverlaps,
    MeterUnknown,
    NewInstallation,
    ReadExists,
    RegisterDecreased,
    RegisterKind,
)
from metercash.contexts.metering.core.registers import difference
from metercash.contexts.metering.queries import devices
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.platform import audit, db, outbox, tenancy


UNITS = ("kWh", "GJ")


@db.transaction_required
def install_many(*, installations: Sequence[NewInstallation]) -> int:
    """Register unknown meters and put all of them on their service points, by COPY."""
    for new in installations:
        if new.unit not in UNITS:
            raise InvalidInput(field="单位", reason=f"“{new.unit}”不是 kWh 或 GJ")
    numbers = [new.device_no for new in installations]
    known = dict(models.Device.objects.filter(device_no__in=numbers).values_list("device_no", "id"))
    fresh = {new.device_no: new for new in installations if new.device_no not in known}
    ids = db.reserve_ids(models.Device, len(fresh)) if fresh else []
    db.copy_rows(
        models.Device._meta.db_table,
        ("id", "device_no", "unit", "register_digits"),
        (
            (device_id, new.device_no, new.unit, new.register_digits)
            for device_id, new in zip(ids, fresh.values(), strict=True)
        ),
    )
    known |= dict(zip(fresh, ids, strict=True))
    rows = db.reserve_ids(models.Installation, len(installations)) if installations else []
    columns = (
        "id",
        "device_id",
        "service_point_id",
        "multiplier_milli",
        "installed_on",
        "start_register_milli",
    )
    values = (
        (
            row_id,
            known[new.device_no],
            new.service_point_id,
            new.multiplier_milli,
            new.installed_on,
            new.start_register_milli,
        )
        for row_id, new in zip(rows, installations, strict=True)
    )
    try:
        with db.savepoint():
            count = db.copy_rows(models.Installation._meta.db_table, columns, values)
    except IntegrityError as error:
        raise InstallationOverlaps from error
    audit.record(
        action="metering.device.install",
        subject=f"tenant:{tenancy.current_id()}",
        detail={"count": count},
    )
    return count


@db.transaction_required
def remove(*, device_no: str, on: date, end_register_milli: int) -> Installation:
    """Take a meter off its service point; its last day is the day before."""
    current = devices.installation_on(device_no=device_no, day=on)
    if on <= current.installed_on:
        raise InvalidInput(field="拆表日期", reason="必须晚于装表日期")
    if current.removed_on is not None:
        raise MeterUnknown(device=device_no, day=on.isoformat())
    _refuse_decrease(current, on, end_register_milli)
    models.Installation.objects.filter(id=current.installation_id).update(
        removed_on=on, end_register_milli=end_register_milli
    )
    audit.record(
        action="metering.device.remove",
        subject=f"installation:{current.installation_id}",
        detail={"on": on.isoformat(), "end_register_milli": end_register_milli},
    )
    return current


@db.transaction_required
def exchange(*, device_no: str, on: date, end_register_milli: int, new: NewInstallation) -> None:
    """Replace a meter by another at the same service point on the same day."""
    current = remove(device_no=device_no, on=on, end_register_milli=end_register_milli)
    if (new.service_point_id, new.installed_on) != (current.service_point_id, on):
        raise InvalidInput(field="换表", reason="新表必须在同一天装在同一用户处")
    install_many(installations=[new])
    outbox.publish(
        "metering.device.exchanged",
        service_point_id=current.service_point_id,
        removed=device_no,
        installed=new.device_no,
        on=on.isoformat(),
    )


@db.transaction_required
def record_read(
    *,
    device_no: str,
    read_on: date,
    value_milli: int,
    source: str,
    note: str,
    now: datetime,
    register: RegisterKind,
) -> int:
    """Add a read; the same read again changes nothing."""
    current = devices.installation_on(device_no=device_no, day=read_on)
    if register != RegisterKind.ACTIVE and current.unit != "kWh":
        raise InvalidInput(field="计量项目", reason="热表没有无功和需量示数")
    first = models.RegisterRead.objects.filter(
        installation_id=current.installation_id,
        register=register,
        read_on=read_on,
        supersedes_id__isnull=True,
    ).first()
    if first is not None:
        if first.value_milli == value_milli:
            return int(first.id)
        raise ReadExists(day=read_on.isoformat(), value=_shown(first.value_milli))
    _refuse_decrease(current, read_on, value_milli, register)
    row = models.RegisterRead.objects.create(
        installation_id=current.installation_id,
        register=register,
        read_on=read_on,
        value_milli=value_milli,
        source=source,
        note=note,
        recorded_at=now,
    )
    outbox.publish("metering.register.read", read_id=row.id)
    return int(row.id)


@db.transaction_required
def correct_read(*, read_id: int, value_milli: int, note: str, now: datetime) -> int:
    """Supersede a read by another of the same day; the old one stays as it was."""
    old = models.RegisterRead.objects.filter(id=read_id).first()
    if old is None:
        raise NotFound(what="抄表记录")
    if not note.strip():
        raise InvalidInput(field="更正原因", reason="必须填写")
    if models.RegisterRead.objects.filter(supersedes_id=read_id).exists():
        raise ReadExists(day=old.read_on.isoformat(), value=_shown(old.value_milli))
    row = models.RegisterRead.objects.create(
        installation_id=old.installation_id,
        register=old.register,
        read_on=old.read_on,
        value_milli=value_milli,
        source=old.source,
        note=note,
        supersedes_id=old.id,
        recorded_at=now,
    )
    audit.record(
        action="metering.register.correct",
        subject=f"read:{read_id}",
        detail={"from_milli": old.value_milli, "to_milli": value_milli, "note": note},
    )
    outbox.publish("metering.register.corrected", read_id=row.id, supersedes_id=read_id)
    return int(row.id)


def _refuse_decrease(
    current: Installation,
    on: date,
    value_milli: int,
    register: RegisterKind = RegisterKind.ACTIVE,
) -> None:
    """Refuse what the register cannot show; where a reactive register began is not known."""
    reads = devices.current_reads(service_point_ids=[current.service_point_id], register=register)
    before = [
        read.value_milli
        for read in reads
        if read.installation_id == current.installation_id and read.read_on < on
    ]
    started = current.start_register_milli if register is RegisterKind.ACTIVE else 0
    previous = before[-1] if before else started
    whole = 1000 * 10**current.register_digits
    if not 0 <= value_milli < whole:
        raise InvalidInput(field="示数", reason=f"必须在 0 和 {_shown(whole)} 之间")
    counts = register is not RegisterKind.MAX_DEMAND
    if counts and difference(previous, value_milli, current.register_digits) is None:
        raise RegisterDecreased(value=_shown(value_milli), previous=_shown(previous))


def _shown(milli: int) -> str:
    return f"{milli // 1000}.{milli % 1000:03d}"
