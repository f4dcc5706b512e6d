"""Append days to the reading store: finish the rows, write one Delta commit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
from deltalake import CommitProperties, WriterProperties, write_deltalake

from metercash.contexts.metering.contracts import Method
from metercash.contexts.metering.core import slots
from metercash.contexts.metering.core.slots import Bools, Ints
from metercash.contexts.metering.queries import store
from metercash.kernel.interval import Interval
from metercash.platform import tenancy


WRITER = WriterProperties(compression="ZSTD", compression_level=3, max_row_group_size=65_536)

ESTIMATED = int(Method.LINEAR | Method.LIKE_DAY)


@dataclass(frozen=True, slots=True)
class NewDays:
    """Days to append.

    Attributes:
        keys: Columns ``channel_id, day, step_minutes, methods, flags``; each channel and day once.
        values, present, estimated: ``(days, 96)``.
    """

    keys: pl.DataFrame
    values: Ints
    present: Bools
    estimated: Bools


def rows_of(new: NewDays, *, version: int, source: str, received_at: datetime) -> pl.DataFrame:
    """The finished rows, sorted by partition, channel and day."""
    low, high = slots.pack(new.estimated)
    marks = {
        "total_milli": np.where(new.present, new.values, 0).sum(axis=1),
        "estimated_milli": np.where(new.estimated, new.values, 0).sum(axis=1),
        "estimated_low": low,
        "estimated_high": high,
    }
    return (
        new.keys.select(
            pl.col("channel_id").cast(pl.Int64),
            pl.col("day").cast(pl.Date),
            pl.lit(version, pl.Int64).alias("version"),
            pl.lit(tenancy.current_id(), pl.Int64).alias("tenant_id"),
            pl.col("day").dt.strftime("%Y-%m").alias("month"),
            slots.bucket_expression().alias("bucket"),
            pl.lit(received_at).cast(pl.Datetime("us", "UTC")).alias("received_at"),
            pl.lit(source).alias("source"),
            pl.col("step_minutes").cast(pl.Int16),
            pl.col("methods").cast(pl.Int32),
            pl.col("flags").cast(pl.Int32),
        )
        .with_columns(
            pl.Series("missing", (~new.present).sum(axis=1).astype(np.int16)),
            *(pl.Series(name, np.asarray(array, dtype=np.int64)) for name, array in marks.items()),
        )
        .with_columns(**slots.columns(new.values, new.present))
        .sort("month", "bucket", "channel_id", "day")
    )


def append(frame: pl.DataFrame, *, version: int) -> None:
    """Write finished rows in one commit that names the version."""
    write_deltalake(
        store.location(),
        frame,
        mode="append",
        partition_by=["month", "bucket"],
        writer_properties=WRITER,
        commit_properties=CommitProperties(custom_metadata={"metercash.version": str(version)}),
        configuration={
            "delta.dataSkippingStatsColumns": "channel_id,day,version",
            "delta.checkpointInterval": "20",
        },
    )


def merge_partial(new: NewDays) -> NewDays:
    """Fill quarter-hours absent in the new days from what the store already holds of the same days."""
    partial = ~new.present.all(axis=1)
    if not partial.any():
        return new
    wanted = new.keys.with_row_index("place").filter(pl.Series(partial))
    first, last = wanted["day"].min(), wanted["day"].max()
    channels = wanted["channel_id"].unique().sort().to_list()
    held = _held(channels, first, last)
    if held is None:
        return new
    both = wanted.select("place", "channel_id", "day").join(
        held.with_row_index("held"), on=["channel_id", "day"]
    )
    if not both.height:
        return new
    places = both["place"].to_numpy()
    old_values, old_present = slots.matrix(both)
    old_estimated = slots.unpack(
        both["estimated_low"].to_numpy(), both["estimated_high"].to_numpy()
    )
    values, present, estimated = new.values.copy(), new.present.copy(), new.estimated.copy()
    taken = old_present & ~present[places]
    values[places] = np.where(taken, old_values, values[places])
    estimated[places] |= taken & old_estimated
    present[places] |= taken
    methods = new.keys["methods"].to_numpy().copy()
    steps = new.keys["step_minutes"].to_numpy().copy()
    kept = taken.any(axis=1)
    methods[places[kept]] |= both["methods"].to_numpy()[kept]
    methods[places] &= np.where(estimated[places].any(axis=1), -1, ~ESTIMATED)
    steps[places[kept]] = np.minimum(steps[places[kept]], both["step_minutes"].to_numpy()[kept])
    keys = new.keys.with_columns(pl.Series("methods", methods), pl.Series("step_minutes", steps))
    return NewDays(keys, values, present, estimated)


def _held(channels: list[int], first: object, last: object) -> pl.DataFrame | None:
    assert isinstance(first, date)
    assert isinstance(last, date)
    period = Interval(first, last + timedelta(days=1))
    return store.whole_days(store.Selection(period, channels))


def compact() -> int:
    """Join small files of every partition; returns how many files were replaced."""
    table = store.table_or_none()
    if table is None:
        return 0
    metrics = table.optimize.compact(writer_properties=WRITER)
    return int(metrics["numFilesRemoved"])
