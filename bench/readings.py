"""Time the reading store: write 100,000 channels × 30 days × 96 quarter-hours, then sum them by zone.

Usage: python bench/readings.py [--channels 100000] [--days 30] [--runs 5] [--folder DIR]

Prints JSON. The values are drawn, uniform from 0 to 999 Wh, which compresses worse than homes do. The sums are
checked against the drawn values. No database is used: the figures are those of the store and the aggregation.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl


sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metercash.project.settings")

from django.test import override_settings

from metercash.contexts.metering.contracts import Method
from metercash.contexts.metering.core import slots
from metercash.contexts.metering.operations import append
from metercash.contexts.metering.queries import store
from metercash.kernel.interval import Interval
from metercash.platform import tenancy


FIRST = date(2026, 1, 1)
BLOCK = slots.CHANNELS_PER_BLOCK
ZONES = slots.zone_slots(
    {
        "peak": [(32, 46), (68, 84)],
        "flat": [(24, 32), (46, 68), (84, 92)],
        "valley": [(0, 24), (92, 96)],
    }
)


def write(channels: int, days: int) -> tuple[int, float]:
    """Fill the store block by block; returns the drawn total and the seconds spent writing."""
    draw = np.random.default_rng(1)
    month = pl.Series([FIRST + timedelta(days=day) for day in range(days)])
    total, seconds = 0, 0.0
    for start in range(0, channels, BLOCK):
        ids = np.arange(start, min(start + BLOCK, channels), dtype=np.int64)
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


def aggregate(days: int) -> tuple[int, int]:
    """Sum every bucket by zone; returns channels and the grand total."""
    period = Interval(FIRST, FIRST + timedelta(days=days))
    channels, total = 0, 0
    for bucket in range(slots.BUCKETS):
        sums = store.day_sums(store.Selection(period, bucket=bucket), ZONES)
        if sums is None:
            continue
        names = [f"zone.{zone}" for zone in ZONES]
        grouped = sums.group_by("channel_id").agg(pl.col(names).sum())
        channels += grouped.height
        total += sum(int(grouped[name].sum()) for name in names)
    return channels, total


def measure(channels: int, days: int, runs: int, folder: str) -> dict[str, Any]:
    """Write once, aggregate ``runs`` times."""
    readings = channels * days * slots.SLOTS
    with override_settings(METERCASH_READINGS=folder), tenancy.bind(1):
        drawn, write_s = write(channels, days)
        times = []
        for _ in range(runs):
            began = time.perf_counter()
            counted, total = aggregate(days)
            times.append(time.perf_counter() - began)
            if (counted, total) != (channels, drawn):
                message = f"summed {total} of {counted} channels, drew {drawn} of {channels}"
                raise SystemExit(message)
    size = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet"))
    median = statistics.median(times)
    return {
        "channels": channels,
        "days": days,
        "readings": readings,
        "write_s": round(write_s, 2),
        "write_readings_per_s": round(readings / write_s),
        "aggregate_s": [round(one, 3) for one in times],
        "aggregate_median_s": round(median, 3),
        "aggregate_readings_per_s": round(readings / median),
        "disk_mb": round(size / 1e6, 1),
        "bytes_per_reading": round(size / readings, 3),
        "processors": os.cpu_count(),
    }


def main() -> None:
    """Read the arguments, print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder or None) as folder:
        result = measure(given.channels, given.days, given.runs, folder)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
