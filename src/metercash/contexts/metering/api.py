"""The front door of metering. A service point's primary energy channel carries the service point's id."""

from collections.abc import Sequence
from datetime import date, datetime

from metercash.contexts.metering.contracts import (
    Announcement,
    CollectionRate,
    CurvePoint,
    DayUsage,
    Determinants,
    EstimateReport,
    ImportReport,
    Installation,
    MonthUsage,
    NewInstallation,
    ReadSource,
    RegisterKind,
    RegisterRead,
)
from metercash.contexts.metering.core import slots
from metercash.contexts.metering.operations import announcements as announcement_operations
from metercash.contexts.metering.operations import append
from metercash.contexts.metering.operations import devices as device_operations
from metercash.contexts.metering.operations import estimates as estimate_operations
from metercash.contexts.metering.operations import intervals as interval_operations
from metercash.contexts.metering.queries import announcements as announcement_queries
from metercash.contexts.metering.queries import batches as batch_queries
from metercash.contexts.metering.queries import devices as device_queries
from metercash.contexts.metering.queries import usage as usage_queries
from metercash.kernel.interval import Interval
from metercash.platform import db
from metercash.platform.paging import Page


BUCKETS = slots.BUCKETS

TimeOfUse = slots.TimeOfUse


@db.transaction()
def import_intervals(*, content: bytes, filename: str, now: datetime) -> ImportReport:
    """Import interval values from a CSV, Parquet or Excel file.

    Long form: columns 表号, 时间 (start of the interval), 数值, optionally 单位. Wide form: 表号, 日期, and
    96, 48 or 24 value columns in order of the day. Half-hours and hours are split evenly and marked so.
    Values are in the file's unit (default: the meter's) and are multiplied by the meter's ratio.
    The same file again returns the first report with ``repeated`` set. Wrong rows are refused one by one.

    Raises:
        FileUnreadable: if the file as a whole makes no sense; nothing is kept.
    """
    return interval_operations.import_file(content=content, filename=filename, now=now)


@db.transaction()
def list_batches(*, page: int = 1, per_page: int = 50) -> Page[ImportReport]:
    """Imports and estimates, newest first."""
    return batch_queries.list_batches(page=page, per_page=per_page)


@db.transaction()
def install_devices(*, installations: Sequence[NewInstallation]) -> int:
    """Put meters on service points; unknown meters are registered. Returns how many.

    Raises:
        InstallationOverlaps: if a meter or a point is taken at that time; nothing is written then.
    """
    return device_operations.install_many(installations=installations)


@db.transaction()
def remove_device(*, device_no: str, on: date, end_register_milli: int) -> None:
    """Take a meter off; it measured up to, not including, that day.

    Raises:
        MeterUnknown: if it is not installed then.
        RegisterDecreased: if the end register is below the last read.
    """
    device_operations.remove(device_no=device_no, on=on, end_register_milli=end_register_milli)


@db.transaction()
def exchange_device(
    *, device_no: str, on: date, end_register_milli: int, new: NewInstallation
) -> None:
    """Replace a meter by another at the same point and day (换表); no use is lost between them."""
    device_operations.exchange(
        device_no=device_no, on=on, end_register_milli=end_register_milli, new=new
    )


@db.transaction()
def device_of(*, service_point_id: int, on: date) -> Installation | None:
    """The meter at a service point on a day, or None where there is none."""
    return device_queries.installation_at(service_point_id=service_point_id, day=on)


@db.transaction()
def device_history(*, service_point_id: int) -> list[Installation]:
    """Every meter a service point ever had, in order of time."""
    return device_queries.installations(service_point_ids=[service_point_id])


@db.transaction()
def record_register_read(
    *,
    device_no: str,
    read_on: date,
    value_milli: int,
    now: datetime,
    source: ReadSource = ReadSource.READER,
    note: str = "",
    register: RegisterKind = RegisterKind.ACTIVE,
) -> int:
    """Record what a register showed at the beginning of a day, × 1000; returns the read's id.

    Args:
        register: Which register of the meter; reactive ones count kvarh with the meter's ratio.

    Raises:
        MeterUnknown: if the meter is not installed on that day.
        ReadExists: if another value of that day is known; correct that one.
        RegisterDecreased: if it is below the read before and no rollover explains it.
    """
    return device_operations.record_read(
        device_no=device_no,
        read_on=read_on,
        value_milli=value_milli,
        source=source,
        note=note,
        now=now,
        register=register,
    )


@db.transaction()
def correct_register_read(*, read_id: int, value_milli: int, note: str, now: datetime) -> int:
    """Supersede a read, saying why; the old one is kept. Returns the new read's id."""
    return device_operations.correct_read(
        read_id=read_id, value_milli=value_milli, note=note, now=now
    )


@db.transaction()
def register_reads(*, service_point_id: int) -> list[RegisterRead]:
    """Every register read of a service point, superseded ones included, oldest first."""
    return device_queries.read_history(service_point_id=service_point_id)


@db.transaction()
def determinants(
    *,
    service_point_ids: Sequence[int],
    period: Interval[date],
    now: datetime,
    time_of_use: TimeOfUse | None = None,
    demand: bool = False,
    reactive: bool = False,
) -> dict[int, Determinants]:
    """What each service point used in a period, in thousandths of its unit.

    Points with interval values are summed from them; the others from register reads, which know no zones.
    Every asked point is in the answer; one without any value has ``days == 0``. Sorted neighboring ids
    are read fastest.

    Args:
        time_of_use: A plan's calendar; or, where all days are alike, zone to ranges of quarter-hours
            ``[start, end)`` within 0..96, not overlapping. Zones that no day has are in the answer, 0.
        now: Decides ``unfinished_days`` only.
        demand: Whether to find ``max_demand_milli``.
        reactive: Whether to find reactive energy, by reads that enclose the period.

    Raises:
        HolidaysUnlisted: if the kind of a day hangs on holidays the calendar does not list.
    """
    return usage_queries.determinants(
        service_point_ids=service_point_ids,
        bucket=None,
        period=period,
        time_of_use=time_of_use,
        now=now,
        demand=demand,
        reactive=reactive,
    )


@db.transaction()
def use_before(
    *, service_point_ids: Sequence[int], period: Interval[date], day: date
) -> dict[int, int]:
    """Use of a period before a day inside it, in thousandths, by the reading frozen on that day.

    That is a register read at the beginning of the day, or a curve without gaps up to it. Points
    without one are left out: their use is to be parted by days.

    Raises:
        InvalidInput: if the day is not inside the period.
    """
    return usage_queries.use_before(service_point_ids=service_point_ids, period=period, day=day)


@db.transaction()
def announce_day(*, name: str, day: date, evidence: str, now: datetime) -> int:
    """Record that something was announced for a day, such as ``hot``; returns the id.

    Calendars that ask for the name count the day so from then on; bills made before stay.

    Raises:
        InvalidInput: if the name or the evidence is empty.
    """
    return announcement_operations.announce(name=name, day=day, evidence=evidence, now=now)


@db.transaction()
def withdraw_announcement(*, announcement_id: int, note: str, now: datetime) -> None:
    """Withdraw an announcement, saying why.

    Raises:
        InvalidInput: if no reason is given.
        NotFound: if none of that id stands.
    """
    announcement_operations.withdraw(announcement_id=announcement_id, note=note, now=now)


@db.transaction()
def announcements(*, period: Interval[date]) -> list[Announcement]:
    """What stands announced for the days of a period, in order."""
    return announcement_queries.announcements(period=period)


@db.transaction()
def determinants_of_bucket(
    *,
    bucket: int,
    period: Interval[date],
    now: datetime,
    time_of_use: TimeOfUse | None = None,
) -> dict[int, Determinants]:
    """The same for every point of one of the ``BUCKETS`` buckets that has interval values."""
    return usage_queries.determinants(
        service_point_ids=None,
        bucket=bucket,
        period=period,
        time_of_use=time_of_use,
        now=now,
    )


def bucket_of(*, service_point_id: int) -> int:
    """The bucket a point's values lie in."""
    return slots.bucket_of(service_point_id)


@db.transaction()
def curve(*, service_point_id: int, period: Interval[date]) -> list[CurvePoint]:
    """Every interval of a period in the step it was measured in, marked actual or estimated."""
    return usage_queries.curve(service_point_id=service_point_id, period=period)


@db.transaction()
def daily_usage(*, service_point_id: int, period: Interval[date]) -> list[DayUsage]:
    """Use per day, days without any value left out; from registers where the point has no curve."""
    return usage_queries.daily_usage(service_point_id=service_point_id, period=period)


@db.transaction()
def monthly_usage(*, service_point_id: int, period: Interval[date]) -> list[MonthUsage]:
    """Use per calendar month of the period, in order."""
    return usage_queries.monthly_usage(service_point_id=service_point_id, period=period)


@db.transaction()
def reading_day(*, until: date) -> date:
    """The day whose collection tells something: ``until``, or the last day of the season that is over.

    A network silent for more than ``SILENT_DAYS`` is out of season; before that a gap is a fault to show.
    """
    return usage_queries.reading_day(until=until)


@db.transaction()
def collection_rate(*, day: date) -> CollectionRate:
    """Expected, received and estimated meters and quarter-hours of a day."""
    return usage_queries.collection_rate(day=day)


@db.transaction()
def estimate(
    *, service_point_ids: Sequence[int], period: Interval[date], now: datetime
) -> EstimateReport:
    """Fill what is missing in a period: a line up to two hours, a like day's profile beyond.

    Values that are present never change; estimates are a new version, marked with their method.
    """
    return estimate_operations.estimate(service_point_ids=service_point_ids, period=period, now=now)


@db.transaction()
def compact_readings() -> int:
    """Join small files of the reading store; returns how many were replaced."""
    return append.compact()
