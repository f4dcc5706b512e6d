"""The shape of a day: 96 quarter-hours, their columns, and how coarser values are laid on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from metercash.kernel.interval import Interval
from metercash.rating.calendar import Calendar


SLOTS = 96
STEPS = (15, 30, 60)
POINTS = [f"p{slot:02d}" for slot in range(SLOTS)]
BUCKETS = 16
CHANNELS_PER_BLOCK = 4096
HALF = SLOTS // 2

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
TimeOfUse = Calendar | Mapping[str, Sequence[tuple[int, int]]]


def bucket_of(channel_id: int) -> int:
    """The bucket a channel is stored in; neighbors share one, so that a chunk of accounts reads few files."""
    return channel_id // CHANNELS_PER_BLOCK % BUCKETS


def bucket_expression() -> pl.Expr:
    """:func:`bucket_of` of the column ``channel_id``."""
    return (pl.col("channel_id") // CHANNELS_PER_BLOCK % BUCKETS).cast(pl.Int16)


def month_of(day: date) -> str:
    """The month partition of a day."""
    return f"{day:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Zoning:
    """Days whose zones lie alike.

    Attributes:
        days: Which days; ``None`` for every day of the period.
        zones: The slots of every zone that occurs in them.
    """

    days: Sequence[date] | None
    zones: Mapping[str, Sequence[int]]


def zonings(time_of_use: TimeOfUse | None, period: Interval[date]) -> list[Zoning]:
    """The days of a period grouped by where their zones lie; one group where all days are alike.

    Raises:
        HolidaysUnlisted: if the kind of a day hangs on holidays that are not listed.
        ValueError: if a range leaves the day, or zones overlap.
    """
    if not time_of_use:
        return []
    if not isinstance(time_of_use, Calendar):
        return [Zoning(None, zone_slots(time_of_use))]
    alike: dict[tuple[tuple[str, tuple[tuple[int, int], ...]], ...], list[date]] = {}
    for kind, days in time_of_use.kinds_in(period).items():
        alike.setdefault(kind.zones, []).extend(days)
    if len(alike) == 1:
        [zones] = alike
        return [Zoning(None, zone_slots(dict(zones)))]
    return [Zoning(days, zone_slots(dict(zones))) for zones, days in alike.items()]


def zone_names(time_of_use: TimeOfUse | None) -> tuple[str, ...]:
    """Every zone, also those no day of the period has."""
    if isinstance(time_of_use, Calendar):
        return time_of_use.zones
    return tuple(time_of_use or ())


def zone_expressions(zonings: Sequence[Zoning]) -> list[pl.Expr]:
    """Use of a row by zone as columns ``zone.<name>``, by the kind of its ``day``."""
    names = dict.fromkeys(zone for zoning in zonings for zone in zoning.zones)
    return [
        pl.sum_horizontal([_in_zone(zoning, zone) for zoning in zonings if zone in zoning.zones])
        .alias(f"zone.{zone}")
        for zone in names
    ]  # fmt: skip


def _in_zone(zoning: Zoning, zone: str) -> pl.Expr:
    use = pl.sum_horizontal([POINTS[slot] for slot in zoning.zones[zone]])
    if zoning.days is None:
        return use
    return pl.when(pl.col("day").is_in(list(zoning.days))).then(use).otherwise(0)


def zone_slots(time_of_use: Mapping[str, Sequence[tuple[int, int]]]) -> dict[str, list[int]]:
    """The slots of every zone.

    Raises:
        ValueError: if a range leaves the day, or zones overlap.
    """
    taken: dict[int, str] = {}
    zones: dict[str, list[int]] = {}
    for zone, ranges in time_of_use.items():
        slots = zones.setdefault(zone, [])
        for start, end in ranges:
            if not 0 <= start < end <= SLOTS:
                msg = f"zone {zone}: [{start}, {end}) is not within a day of {SLOTS} slots"
                raise ValueError(msg)
            for slot in range(start, end):
                if slot in taken:
                    msg = f"slot {slot} belongs to both {taken[slot]} and {zone}"
                    raise ValueError(msg)
                taken[slot] = zone
                slots.append(slot)
    return zones


def spread(values: Ints) -> Ints:
    """Lay coarser values evenly on quarter-hours; the parts of each value sum to it.

    Args:
        values: Shape ``(days, 24 | 48 | 96)``.
    """
    parts = SLOTS // values.shape[1]
    cumulative = values[:, :, None] * np.arange(parts + 1, dtype=np.int64) // parts
    return np.asarray(np.diff(cumulative, axis=2).reshape(len(values), SLOTS))


def merge(values: Ints, step_minutes: int) -> Ints:
    """Sum quarter-hours back to the step they were measured in; undoes :func:`spread`."""
    return np.asarray(values.reshape(len(values), -1, step_minutes // 15).sum(axis=2))


def pack(mask: Bools) -> tuple[Ints, Ints]:
    """Write a mask ``(days, 96)`` into two integers a day, 48 bits each."""
    weights = np.int64(1) << np.arange(HALF, dtype=np.int64)
    low: Ints = mask[:, :HALF] @ weights
    high: Ints = mask[:, HALF:] @ weights
    return low, high


def unpack(low: Ints, high: Ints) -> Bools:
    """Read the mask written by :func:`pack`."""
    bits = np.arange(HALF, dtype=np.int64)
    halves = [(part[:, None] >> bits) & 1 for part in (low, high)]
    return np.concatenate(halves, axis=1).astype(np.bool_)


def matrix(frame: pl.DataFrame) -> tuple[Ints, Bools]:
    """The values of a frame of days as ``(days, 96)`` with zero where missing, and which are present."""
    points = frame.select(POINTS)
    values = points.fill_null(0).to_numpy().astype(np.int64, copy=False)
    present = points.select(pl.all().is_not_null()).to_numpy()
    return values, present


def columns(values: Ints, present: Bools) -> dict[str, pl.Series]:
    """Point columns of a frame from a matrix; absent values become null."""
    made: dict[str, Any] = {}
    for slot, name in enumerate(POINTS):
        column = pl.Series(name, np.ascontiguousarray(values[:, slot]))
        absent = ~present[:, slot]
        if absent.any():
            column = column.set(pl.Series(absent), None)
        made[name] = column
    return made
