"""The reading store alone: write a month of quarter-hours of every channel, then sum it by zone.

The values are drawn, uniform from 0 to 999 Wh, which compresses worse than homes do; the sums are checked
against them.
"""

import statistics
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from bench import stage


FIRST, DAYS, RUNS = date(2026, 1, 1), 30, 5
ZONES = {
    "peak": [(32, 46), (68, 84)],
    "flat": [(24, 32), (46, 68), (84, 92)],
    "valley": [(0, 24), (92, 96)],
}


def write(channels: npt.NDArray[np.int64], first: date, days: int) -> tuple[int, float]:
    """Fill the store block by block; returns the drawn total and the seconds spent writing."""
    from metercash.contexts.metering.contracts import Method
    from metercash.contexts.metering.core import slots
    from metercash.contexts.metering.operations import append

    draw = np.random.default_rng(1)
    month = pl.Series([first + timedelta(days=day) for day in range(days)])
    total, seconds = 0, 0.0
    blocks = np.unique(channels // slots.CHANNELS_PER_BLOCK)
    for block in blocks:
        ids = channels[channels // slots.CHANNELS_PER_BLOCK == block]
        values = draw.integers(0, 1000, (ids.size * days, slots.SLOTS), dtype=np.int64)
        total += int(values.sum())
        began = time.perf_counter()
        keys = pl.DataFrame(
            {
                "channel_id": np.repeat(ids, days),
                "day": month.gather(np.tile(np.arange(days), ids.size)),
            }
        ).with_columns(
            pl.lit(15, pl.Int16).alias("step_minutes"),
            pl.lit(int(Method.MEASURED), pl.Int32).alias("methods"),
            pl.lit(0, pl.Int32).alias("flags"),
        )
        present = np.ones(values.shape, dtype=np.bool_)
        new = append.NewDays(keys, values, present, np.zeros_like(present))
        rows = append.rows_of(new, version=1, source="BENCH", received_at=datetime.now(UTC))
        append.append(rows, version=1)
        seconds += time.perf_counter() - began
    return total, seconds


def aggregate(first: date, days: int) -> tuple[int, int]:
    """Sum every bucket by zone; returns channels and the grand total."""
    from metercash.contexts.metering.core import slots
    from metercash.contexts.metering.queries import store
    from metercash.kernel.interval import Interval

    zones = slots.zone_slots(ZONES)
    zonings = [slots.Zoning(None, zones)]
    period = Interval(first, first + timedelta(days=days))
    channels, total = 0, 0
    for bucket in range(slots.BUCKETS):
        sums = store.day_sums(store.Selection(period, bucket=bucket), zonings)
        if sums is None:
            continue
        names = [f"zone.{zone}" for zone in zones]
        grouped = sums.group_by("channel_id").agg(pl.col(names).sum())
        channels += grouped.height
        total += sum(int(grouped[name].sum()) for name in names)
    return channels, total


def run() -> dict[str, object]:
    """Write once, aggregate several times."""
    from django.conf import settings

    channels = np.arange(stage.ACCOUNTS, dtype=np.int64)
    readings = stage.ACCOUNTS * DAYS * 96
    drawn, write_s = write(channels, FIRST, DAYS)
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        found = aggregate(FIRST, DAYS)
        times.append(time.perf_counter() - began)
        assert found == (stage.ACCOUNTS, drawn), found
    size = sum(file.stat().st_size for file in Path(settings.METERCASH_READINGS).rglob("*.parquet"))
    median = statistics.median(times)
    return {
        "channels": stage.ACCOUNTS,
        "readings": readings,
        "write_s": round(write_s, 2),
        "write_readings_per_s": round(readings / write_s),
        "aggregate_median_s": round(median, 2),
        "aggregate_readings_per_s": round(readings / median),
        "disk_mb": round(size / 1e6, 1),
        "bytes_per_reading": round(size / readings, 3),
        "peak_mib": stage.peak_mib(),
    }


if __name__ == "__main__":
    with stage.tenant("POWER"):
        stage.report(run())
