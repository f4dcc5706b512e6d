"""Writes the demo's readings as the Parquet files a collection system would deliver, and imports them."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from metercash.contexts.metering import api as metering
from metercash.interfaces.cli.demo.city import Home
from metercash.interfaces.cli.demo_data import curves
from metercash.kernel.interval import Interval, days


HOMES_PER_FILE = 250
HEAT_STEP_MINUTES = 60
SLOT_MINUTES = 15


def import_power(homes: Sequence[Home], period: Interval[date], *, now: datetime) -> int:
    """Import the curves of the electricity customers in the step they were measured in.

    Returns:
        How many values the files held.
    """
    read = 0
    for step in (30, 60):
        chosen = [home for home in homes if curves.electricity_step_minutes(home.number) == step]
        for batch in _batches(chosen):
            values = [
                curves.electricity_days(home.number, period.start, days(period)) for home in batch
            ]
            read += _import(batch, period, np.concatenate(values), step, now)
    return read


def import_heat(homes: Sequence[Home], period: Interval[date], *, now: datetime) -> int:
    """Import the hourly curves of the metered homes; larger homes use proportionally more.

    Returns:
        How many values the files held.
    """
    read = 0
    for batch in _batches(homes):
        values = [
            curves.heat_days(home.number, period.start, days(period), _heat_percent(home))
            for home in batch
        ]
        read += _import(batch, period, np.concatenate(values), HEAT_STEP_MINUTES, now)
    return read


def _heat_percent(home: Home) -> int:
    """Share of the British house's heat a flat of this size uses, a little different in every home."""
    return max(10, int(home.area) * 6 // 10) + home.number % 17


def _batches(homes: Sequence[Home]) -> Iterator[Sequence[Home]]:
    for start in range(0, len(homes), HOMES_PER_FILE):
        yield homes[start : start + HOMES_PER_FILE]


def _import(
    homes: Sequence[Home],
    period: Interval[date],
    quarter_hours: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]",
    step_minutes: int,
    now: datetime,
) -> int:
    count = days(period)
    slots = step_minutes // SLOT_MINUTES
    values = quarter_hours.reshape(len(homes) * count, -1, slots).sum(axis=2) / 1000
    dates = [period.start + timedelta(days=offset) for offset in range(count)]
    keys = pl.DataFrame(
        {
            "表号": np.repeat([home.meter_no for home in homes], count),
            "日期": dates * len(homes),
            "单位": ["kWh"] * len(values),
        }
    )
    curve = pl.DataFrame(values, schema=[f"v{slot:02d}" for slot in range(values.shape[1])])
    buffer = io.BytesIO()
    keys.hstack(curve).write_parquet(buffer)
    name = f"{homes[0].meter_no}-{period.start:%Y%m%d}.parquet"
    return metering.import_intervals(content=buffer.getvalue(), filename=name, now=now).read
