"""What was used: determinants for billing, days and months for people, curves for charts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from django.conf import settings

from metercash.contexts.metering.contracts import (
    CollectionRate,
    CurvePoint,
    DayUsage,
    Determinants,
    Flag,
    Method,
    MonthUsage,
    RegisterKind,
)
from metercash.contexts.metering.core import registers, slots
from metercash.contexts.metering.queries import announcements, devices, store
from metercash.kernel.errors import InvalidInput
from metercash.kernel.interval import Interval, days, each_day
from metercash.platform import db
from metercash.rating.calendar import Calendar


SILENT_DAYS = 14
QUARTERS_PER_HOUR = 4


def zone() -> ZoneInfo:
    """The time zone civil days are cut in."""
    return ZoneInfo(settings.TIME_ZONE)


@db.transaction_required
def determinants(
    *,
    service_point_ids: Sequence[int] | None,
    bucket: int | None,
    period: Interval[date],
    time_of_use: slots.TimeOfUse | None,
    now: datetime,
    demand: bool = False,
    reactive: bool = False,
) -> dict[int, Determinants]:
    """Use of the given points, or of all points of a bucket; see :mod:`..api`."""
    if isinstance(time_of_use, Calendar) and time_of_use.announcements:
        announced = announcements.announcements(period=period)
        time_of_use = time_of_use.announcing([(one.name, one.day) for one in announced])
    zonings = slots.zonings(time_of_use, period)
    zones = slots.zone_names(time_of_use)
    wanted = None if service_point_ids is None else sorted(set(service_point_ids))
    unfinished = _unfinished(period, now)
    sums = interval_sums(store.Selection(period, wanted, bucket), zonings, demand=demand)
    found = {} if sums is None else _from_sums(sums, period, zones, unfinished)
    if wanted is not None:
        rest = [point for point in wanted if point not in found]
        found |= _from_registers(rest, period, unfinished)
        units = devices.units(service_point_ids=wanted)
    else:
        units = devices.units(service_point_ids=list(found))
    found = {point: _in_unit(one, units.get(point, one.unit)) for point, one in found.items()}
    if demand:
        found = _with_demand_registers(found, period)
    return _with_reactive(found, period) if reactive else found


def _with_demand_registers(
    found: dict[int, Determinants], period: Interval[date]
) -> dict[int, Determinants]:
    kept = devices.other_registers(service_point_ids=list(found), register=RegisterKind.MAX_DEMAND)
    shown = {point: registers.highest_demand(of, period) for point, of in kept.items()}
    return found | {
        point: replace(found[point], max_demand_milli=milli)
        for point, milli in shown.items()
        if milli is not None
    }


def _with_reactive(
    found: dict[int, Determinants], period: Interval[date]
) -> dict[int, Determinants]:
    drawn, fed_back = (
        devices.other_registers(service_point_ids=list(found), register=kind)
        for kind in (RegisterKind.REACTIVE, RegisterKind.REVERSE_REACTIVE)
    )
    made = {}
    for point, one in found.items():
        forward = registers.use_of(drawn.get(point, []), period)
        reverse = registers.use_of(fed_back.get(point, []), period)
        unknown = forward.missing_days or (point in fed_back and reverse.missing_days)
        made[point] = replace(
            one,
            reactive_milli=None if unknown else forward.milli,
            reverse_reactive_milli=0 if unknown else reverse.milli,
        )
    return made


@db.transaction_required
def use_before(
    *, service_point_ids: Sequence[int], period: Interval[date], day: date
) -> dict[int, int]:
    """Use of the period before a day, by frozen reading; see :mod:`..api`."""
    if day not in period or day == period.start:
        raise InvalidInput(field="冻结日", reason="必须在账期之内")
    wanted = sorted(set(service_point_ids))
    before = Interval(period.start, day)
    sums = interval_sums(store.Selection(period, wanted), [])
    curves = set() if sums is None else set(sums["channel_id"].to_list())
    parts = interval_sums(store.Selection(before, wanted), []) if curves else None
    found = {}
    if parts is not None:
        complete = parts.filter((pl.col("days") == days(before)) & (pl.col("incomplete") == 0))
        found = dict(complete.select("channel_id", "total_milli").iter_rows())
    rest = [point for point in wanted if point not in curves]
    known = devices.registers(service_point_ids=rest) if rest else {}
    for point in rest:
        use = registers.frozen_use(known.get(point, []), period, day)
        if use is not None:
            found[point] = use
    return found


def interval_sums(
    selection: store.Selection, zonings: Sequence[slots.Zoning], *, demand: bool = False
) -> pl.DataFrame | None:
    """Use of every selected channel, one row each; None where the store holds none of them."""
    frame = store.day_sums(selection, zonings, demand=demand)
    if frame is None:
        return None
    bits = [
        ((pl.col(name) & flag) != 0)
        .any()
        .cast(pl.Int32)
        .mul(int(flag))
        .alias(f"{name}.{int(flag)}")
        for name, kind in (("methods", Method), ("flags", Flag))
        for flag in kind
        if flag
    ]
    return frame.group_by("channel_id").agg(
        pl.col("total_milli").sum(),
        pl.col("estimated_milli").sum(),
        pl.len().alias("days"),
        (pl.col("missing") > 0).sum().alias("incomplete"),
        pl.col("^zone[.].*$").sum(),
        *([pl.col("highest_milli").max()] if demand else []),
        *bits,
    )


def _from_sums(
    sums: pl.DataFrame, period: Interval[date], zones: Sequence[str], unfinished: int
) -> dict[int, Determinants]:
    folded = sums.with_columns(
        pl.sum_horizontal([c for c in sums.columns if c.startswith("methods.")]).alias("methods"),
        pl.sum_horizontal([c for c in sums.columns if c.startswith("flags.")]).alias("flags"),
    )
    none = [0] * folded.height
    zone_columns = [_column(folded, f"zone.{zone}", none) for zone in zones]
    highest = _column(folded, "highest_milli", [None] * folded.height)
    names = (
        "channel_id",
        "total_milli",
        "estimated_milli",
        "days",
        "incomplete",
        "methods",
        "flags",
    )
    whole = days(period)
    found: dict[int, Determinants] = {}
    for index, row in enumerate(folded.select(names).iter_rows()):
        point, total, estimated, with_values, incomplete, methods, flags = row
        milli = {zone: column[index] for zone, column in zip(zones, zone_columns, strict=True)}
        milli["total"] = total
        found[point] = Determinants(
            service_point_id=point,
            milli=milli,
            estimated_milli=estimated,
            days=with_values,
            missing_days=whole - with_values + incomplete,
            unfinished_days=unfinished,
            methods=Method(methods),
            flags=Flag(flags),
            max_demand_milli=_power(highest[index]),
        )
    return found


def _column(frame: pl.DataFrame, name: str, otherwise: list[Any]) -> list[Any]:
    return frame[name].to_list() if name in frame.columns else otherwise


def _power(highest_milli: int | None) -> int | None:
    """Mean power of a quarter-hour, thousandths of a kW, from its use in thousandths of a kWh."""
    return None if highest_milli is None else highest_milli * QUARTERS_PER_HOUR


def _from_registers(
    points: Sequence[int], period: Interval[date], unfinished: int
) -> dict[int, Determinants]:
    if not points:
        return {}
    known = devices.registers(service_point_ids=points)
    whole = days(period)
    found: dict[int, Determinants] = {}
    for point in points:
        use = registers.use_of(known.get(point, []), period)
        methods = Method.NONE
        if use.missing_days < whole:
            methods = Method.REGISTER
        if use.interpolated_milli:
            methods |= Method.REGISTER_INTERPOLATED
        found[point] = Determinants(
            service_point_id=point,
            milli={"total": use.milli},
            estimated_milli=use.interpolated_milli,
            days=whole - use.missing_days,
            missing_days=use.missing_days,
            unfinished_days=unfinished,
            methods=methods,
            flags=Flag.MISSING if use.missing_days else Flag.NONE,
        )
    return found


def _in_unit(one: Determinants, unit: str) -> Determinants:
    """The same in the meter's unit; only a count of kWh tells a power."""
    return one if one.unit == unit else replace(one, unit=unit, max_demand_milli=None)


def _unfinished(period: Interval[date], now: datetime) -> int:
    today = now.astimezone(zone()).date()
    return max(0, (period.end - max(today, period.start)).days)


@db.transaction_required
def curve(*, service_point_id: int, period: Interval[date]) -> list[CurvePoint]:
    """Every interval of a period in the step it was measured in; days without values stay empty hours."""
    frame = store.whole_days(store.Selection(period, [service_point_id]))
    by_day: dict[date, dict[str, object]] = {}
    if frame is not None:
        by_day = {row["day"]: row for row in frame.iter_rows(named=True)}
    points: list[CurvePoint] = []
    for day in each_day(period):
        points += _curve_of_day(day, by_day.get(day))
    return points


def _curve_of_day(day: date, row: dict[str, object] | None) -> list[CurvePoint]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone())
    if row is None:
        return [
            CurvePoint(midnight + timedelta(hours=h), 60, None, estimated=False) for h in range(24)
        ]
    minutes = int(str(row["step_minutes"]))
    parts = minutes // 15
    masks = [np.array([row[name]], dtype=np.int64) for name in ("estimated_low", "estimated_high")]
    estimated = slots.unpack(masks[0], masks[1])[0]
    points: list[CurvePoint] = []
    for start in range(0, slots.SLOTS, parts):
        values = [row[name] for name in slots.POINTS[start : start + parts]]
        milli = None if None in values else sum(int(str(value)) for value in values)
        at = midnight + timedelta(minutes=15 * start)
        points.append(CurvePoint(at, minutes, milli, bool(estimated[start : start + parts].any())))
    return points


@db.transaction_required
def daily_usage(*, service_point_id: int, period: Interval[date]) -> list[DayUsage]:
    """Use of every day that has values; of registers where the point has no curve."""
    unit = devices.units(service_point_ids=[service_point_id]).get(service_point_id, "kWh")
    frame = store.day_sums(store.Selection(period, [service_point_id]))
    if frame is not None and frame.height:
        rows = frame.sort("day").select("day", "total_milli", "estimated_milli").iter_rows()
        return [DayUsage(day, total, estimated != 0, unit) for day, total, estimated in rows]
    known = devices.registers(service_point_ids=[service_point_id]).get(service_point_id, [])
    found: list[DayUsage] = []
    for day in each_day(period):
        use = registers.use_of(known, Interval(day, day + timedelta(days=1)))
        if not use.missing_days:
            found.append(DayUsage(day, use.milli, use.interpolated_milli != 0, unit))
    return found


@db.transaction_required
def monthly_usage(*, service_point_id: int, period: Interval[date]) -> list[MonthUsage]:
    """Use of every calendar month touched by the period, in order."""
    by_month: dict[date, list[DayUsage]] = {}
    for day in daily_usage(service_point_id=service_point_id, period=period):
        by_month.setdefault(day.day.replace(day=1), []).append(day)
    return [
        MonthUsage(
            month,
            sum(day.milli for day in used),
            sum(day.milli for day in used if day.estimated),
            len(used),
            used[0].unit,
        )
        for month, used in sorted(by_month.items())
    ]


def reading_day(*, until: date) -> date:
    """See :mod:`..api`."""
    last = store.last_day(until)
    return last if last is not None and (until - last).days > SILENT_DAYS else until


@db.transaction_required
def collection_rate(*, day: date) -> CollectionRate:
    """How complete a day is; the denominator is the meters installed on the day."""
    expected = set(devices.installed_points(day=day))
    one_day = Interval(day, day + timedelta(days=1))
    read = devices.points_read(period=one_day)
    rows = store.scan(store.Selection(one_day))
    if rows is None:
        return CollectionRate(day, len(expected), len(read & expected), 0, 0, 0, 0)
    marks = ("version", "missing", "estimated_low", "estimated_high")
    frame = store.settle(rows.select(*store.KEY, *marks).collect()).with_columns(
        (
            pl.col("estimated_low").bitwise_count_ones().cast(pl.Int64)
            + pl.col("estimated_high").bitwise_count_ones().cast(pl.Int64)
        ).alias("estimated")
    )
    frame = frame.filter(pl.col("channel_id").is_in(sorted(expected)))
    measured = slots.SLOTS - pl.col("missing").cast(pl.Int64) - pl.col("estimated")
    received = frame.select(*store.KEY, "estimated", measured.alias("measured"))
    with_values = set(received.filter(pl.col("measured") > 0)["channel_id"].to_list())
    return CollectionRate(
        day=day,
        expected=len(expected),
        received=len(with_values | (read & expected)),
        estimated=received.filter(pl.col("estimated") > 0).height,
        points_expected=received.height * slots.SLOTS,
        points_received=int(received["measured"].sum()),
        points_estimated=int(received["estimated"].sum()),
    )
