"""Build the demo's curves from the published data sets.

Usage: python tools/build_demo_curves.py SGSC UK0 UK1 UK2 UKGAS TARGET_FOLDER

Takes complete real days only and keeps, for every curve and day of the year, one of them with its source
date. Nothing is invented, smoothed or scaled here; half-hours stay half-hours and hours stay hours.
"""

import sys
from pathlib import Path

import polars as pl


DAYS = 366
LEAP_YEAR = 2012
SYDNEY_SHIFT_DAYS = 182
LONDON = "Europe/London"


def days_of(frame: pl.DataFrame, step_minutes: int) -> pl.DataFrame:
    """Complete civil days: columns ``source_day`` and ``wh`` (a list in order of the day)."""
    slots = 1440 // step_minutes
    return (
        frame.sort("at")
        .group_by(pl.col("at").dt.date().alias("source_day"), maintain_order=True)
        .agg(pl.col("wh"), pl.col("at").n_unique().alias("known"))
        .filter((pl.col("known") == slots) & (pl.col("wh").list.len() == slots))
        .select("source_day", "wh")
    )


def local(frame: pl.DataFrame, value: str) -> pl.DataFrame:
    """UTC hours of a British home in local time, in whole watt-hours."""
    at = pl.col("interval_start_utc").dt.convert_time_zone(LONDON).dt.replace_time_zone(None)
    wh = (pl.col(value) * 1000).round().cast(pl.Int64)
    return frame.select(at.alias("at"), wh.alias("wh"))


def year_of(days: pl.DataFrame, shift_days: int) -> pl.DataFrame:
    """One real day for every day of the year; the nearest where the very day is not complete."""
    day = pl.col("source_day")
    in_leap_year = pl.date(LEAP_YEAR, day.dt.month(), day.dt.day()).dt.ordinal_day().cast(pl.Int32)
    placed = days.with_columns(((in_leap_year - 1 + shift_days) % DAYS).alias("place"))
    latest = placed.sort("source_day").unique("place", keep="last").sort("place")
    wanted = pl.DataFrame({"day": range(DAYS)}, schema={"day": pl.Int32})
    return wanted.join_asof(
        latest, left_on="day", right_on="place", strategy="nearest", coalesce=True
    ).select("day", "source_day", "wh")


def flat(days: pl.DataFrame, slots: int) -> pl.DataFrame:
    """The list as ``slots`` small integer columns."""
    return days.with_columns(
        pl.col("wh").list.get(slot).cast(pl.Int16).alias(f"w{slot:02d}") for slot in range(slots)
    ).drop("wh")


def electricity(sydney: Path, british: list[Path]) -> pl.DataFrame:
    """Ten Australian and three British homes, numbered from zero; hours fill the first 24 columns."""
    parts: list[pl.DataFrame] = []
    homes = pl.read_parquet(sydney).select(
        "customer_id", pl.col("interval_start_local").alias("at"), pl.col("wh").cast(pl.Int64)
    )
    for _, home in sorted(homes.partition_by("customer_id", as_dict=True).items()):
        parts.append(year_of(days_of(home.select("at", "wh"), 30), SYDNEY_SHIFT_DAYS))
    for path in british:
        home = local(pl.read_parquet(path), "kwh")
        halves = home["at"].dt.minute().max() == 30
        parts.append(year_of(days_of(home, 30 if halves else 60), 0))
    numbered = [
        part.select(pl.lit(index, pl.Int8).alias("home"), pl.all())
        for index, part in enumerate(parts)
    ]
    steps = (1440 // pl.col("wh").list.len()).cast(pl.Int16).alias("step_minutes")
    padded = pl.concat(numbered).with_columns(steps)
    wide = padded.with_columns(
        pl.col("wh").list.get(slot, null_on_oob=True).cast(pl.Int16).alias(f"w{slot:02d}")
        for slot in range(48)
    )
    return wide.drop("wh")


def heat(path: Path) -> pl.DataFrame:
    """Three years of a British home's heating gas by the hour, one variant a year, with mean temperature."""
    source = pl.read_parquet(path)
    complete = days_of(local(source, "gas_kwh"), 60)
    at = pl.col("interval_start_utc").dt.convert_time_zone(LONDON)
    outdoor = source.group_by(at.dt.date().alias("source_day")).agg(
        (pl.col("outdoor_c").mean() * 10).round().cast(pl.Int16).alias("outdoor_tenth_c")
    )
    parts = [
        year_of(complete.filter(pl.col("source_day").is_between(first, last)), 0)
        for first, last in (
            (pl.date(2020, 4, 2), pl.date(2021, 3, 31)),
            (pl.date(2021, 4, 1), pl.date(2022, 3, 31)),
            (pl.date(2021, 12, 6), pl.date(2022, 12, 5)),
        )
    ]
    numbered = [
        part.select(pl.lit(index, pl.Int8).alias("variant"), pl.all())
        for index, part in enumerate(parts)
    ]
    return flat(pl.concat(numbered).join(outdoor, on="source_day", how="left"), 24)


def main() -> None:
    """Write both files into the target folder."""
    sydney, uk0, uk1, uk2, gas, target = (Path(argument) for argument in sys.argv[1:7])
    for name, frame in (
        ("electricity.parquet", electricity(sydney, [uk0, uk1, uk2])),
        ("heat.parquet", heat(gas)),
    ):
        frame.write_parquet(target / name, compression="zstd", compression_level=19)
        size = (target / name).stat().st_size
        sys.stdout.write(f"{name}: {frame.height} days, {size} bytes\n")


if __name__ == "__main__":
    main()
