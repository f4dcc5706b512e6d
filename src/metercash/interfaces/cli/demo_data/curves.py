"""Real days for invented homes: the same home, day and scale always give the same values.

A demo day takes the real day of the same day of the year. Home ``k`` takes curve ``k mod 13`` (electricity)
or year ``k mod 3`` (heat), times an integer percentage, so that two homes of one curve differ. Half-hours and
hours are spread evenly on quarter-hours; no detail is invented.
"""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl


Ints = npt.NDArray[np.int64]

FOLDER = Path(__file__).resolve().parent
ELECTRICITY_CURVES = 13
HEAT_CURVES = 3
DAYS = 366
SLOTS = 96
LEAP_DAY = 59
"""Place of 29 February, counted from zero."""


def scale_percent(home: int) -> int:
    """The percentage a demo home's curve is multiplied by: 70 … 130, the same for the same home."""
    return 70 + home * 37 % 61


def electricity_days(home: int, start: date, days: int) -> Ints:
    """Electricity of a demo home in thousandths of a kWh, shape ``(days, 96)``."""
    year = _electricity()[home % ELECTRICITY_CURVES]
    return _spread(year[_places(start, days)], scale_percent(home))


def electricity_step_minutes(home: int) -> int:
    """The interval the home's curve was measured in."""
    return _electricity_steps()[home % ELECTRICITY_CURVES]


def heat_days(variant: int, start: date, days: int, scale: int | None = None) -> Ints:
    """Heat of a demo home in thousandths of a kWh, shape ``(days, 96)``.

    Args:
        scale: Percentage of the real home's use; by default :func:`scale_percent` of the variant.
    """
    year = _heat()[variant % HEAT_CURVES]
    return _spread(year[_places(start, days)], scale_percent(variant) if scale is None else scale)


def outdoor_tenth_celsius(variant: int, start: date, days: int) -> Ints:
    """Mean outdoor temperature of the real days behind :func:`heat_days`, in tenths of a degree."""
    frame = pl.read_parquet(FOLDER / "heat.parquet").sort("variant", "day")
    tenths = frame["outdoor_tenth_c"].to_numpy().astype(np.int64).reshape(HEAT_CURVES, DAYS)
    return np.asarray(tenths[variant % HEAT_CURVES][_places(start, days)])


def _places(start: date, days: int) -> list[int]:
    return [_place(start + timedelta(days=offset)) for offset in range(days)]


def _place(day: date) -> int:
    ordinal = day.timetuple().tm_yday - 1
    leap = day.replace(month=12, day=31).timetuple().tm_yday == DAYS
    return ordinal if leap or ordinal < LEAP_DAY else ordinal + 1


def _spread(values: Ints, percent: int) -> Ints:
    scaled = values * percent // 100
    parts = SLOTS // values.shape[1]
    cumulative = scaled[:, :, None] * np.arange(parts + 1, dtype=np.int64) // parts
    return np.asarray(np.diff(cumulative, axis=2).reshape(len(values), SLOTS))


@cache
def _electricity() -> dict[int, Ints]:
    frame = pl.read_parquet(FOLDER / "electricity.parquet").sort("home", "day")
    found: dict[int, Ints] = {}
    for home, step in _electricity_steps().items():
        columns = [f"w{slot:02d}" for slot in range(1440 // step)]
        found[home] = (
            frame.filter(pl.col("home") == home).select(columns).to_numpy().astype(np.int64)
        )
    return found


@cache
def _electricity_steps() -> dict[int, int]:
    frame = pl.read_parquet(FOLDER / "electricity.parquet", columns=["home", "step_minutes"])
    return dict(frame.unique().iter_rows())


@cache
def _heat() -> dict[int, Ints]:
    frame = pl.read_parquet(FOLDER / "heat.parquet").sort("variant", "day")
    columns = [f"w{slot:02d}" for slot in range(24)]
    values = frame.select(columns).to_numpy().astype(np.int64)
    return dict(enumerate(values.reshape(HEAT_CURVES, DAYS, 24)))
