"""The reading store: one Delta table a tenant, one row a channel and day, 96 integer columns.

Files are chosen here from the table's own statistics, so that a month of one bucket opens the files of that
month and bucket and nothing else. A day written again is a new row with a higher version; readers look for
doubled days first and settle only those.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from deltalake import DeltaTable
from django.conf import settings

from metercash.contexts.metering.core import slots
from metercash.kernel.interval import Interval
from metercash.platform import tenancy


KEY = ("channel_id", "day")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows to read; None means no bound. Channels are a sorted sequence."""

    period: Interval[date] | None = None
    channels: Sequence[int] | None = None
    bucket: int | None = None


def location() -> str:
    """Where the bound tenant's table lives: a folder or an object-store address."""
    root = str(settings.METERCASH_READINGS).rstrip("/")
    return f"{root}/tenant={tenancy.current_id()}"


def table_or_none() -> DeltaTable | None:
    """The bound tenant's table, or None before the first reading was written."""
    address = location()
    return DeltaTable(address) if DeltaTable.is_deltatable(address) else None


def files(table: DeltaTable) -> pl.DataFrame:
    """The live files with partition and bounds: ``uri, month, bucket, rows, bytes`` and min/max of the key."""
    actions = pl.DataFrame(table.get_add_actions(flatten=True))
    root = table.table_uri.rstrip("/").removeprefix("file://")
    renamed = {
        "path": "path",
        "size_bytes": "bytes",
        "num_records": "rows",
        "partition.month": "month",
        "partition.bucket": "bucket",
        "min.channel_id": "first_channel",
        "max.channel_id": "last_channel",
        "min.day": "first_day",
        "max.day": "last_day",
    }
    return actions.select(pl.col(old).alias(new) for old, new in renamed.items()).with_columns(
        (pl.lit(root + "/") + pl.col("path")).alias("uri")
    )


def last_day(until: date) -> date | None:
    """The last day up to ``until`` of which values came, by the files' bounds; None before the first."""
    table = table_or_none()
    if table is None:
        return None
    begun = files(table).filter(pl.col("first_day") <= until)["last_day"]
    latest = begun.max()
    return min(latest, until) if isinstance(latest, date) else None


def scan(selection: Selection) -> pl.LazyFrame | None:
    """Rows of a selection, doubled days included; None where no file can hold any.

    Channels are bounded by their range only: join the narrow result to drop the others.
    """
    table = table_or_none()
    if table is None:
        return None
    chosen = files(table)
    if selection.bucket is not None:
        chosen = chosen.filter(pl.col("bucket") == selection.bucket)
    whole = pl.lit(value=True)
    bounds: list[pl.Expr] = []
    if selection.period is not None:
        start, end = selection.period.start, selection.period.end
        chosen = chosen.filter((pl.col("last_day") >= start) & (pl.col("first_day") < end))
        whole &= (pl.col("first_day") >= start) & (pl.col("last_day") < end)
        bounds.append(pl.col("day").is_between(start, end, closed="left"))
    if selection.channels is not None:
        if not selection.channels:
            return None
        low, high = selection.channels[0], selection.channels[-1]
        buckets = {slots.bucket_of(channel) for channel in selection.channels}
        chosen = chosen.filter(
            (pl.col("last_channel") >= low)
            & (pl.col("first_channel") <= high)
            & pl.col("bucket").is_in(sorted(buckets))
        )
        whole &= (pl.col("first_channel") >= low) & (pl.col("last_channel") <= high)
        bounds.append(pl.col("channel_id").is_between(low, high))
    return _union(chosen.with_columns(whole.alias("whole")), bounds)


def _union(chosen: pl.DataFrame, bounds: Sequence[pl.Expr]) -> pl.LazyFrame | None:
    parts: list[pl.LazyFrame] = []
    full = chosen.filter("whole")["uri"].to_list()
    partial = chosen.filter(~pl.col("whole"))["uri"].to_list()
    if full:
        parts.append(_parquet(full))
    if partial:
        parts.append(_parquet(partial).filter(*bounds))
    if not parts:
        return None
    return pl.concat(parts) if len(parts) > 1 else parts[0]


def _parquet(uris: Sequence[str]) -> pl.LazyFrame:
    return pl.scan_parquet(list(uris), hive_partitioning=False, cache=False)


def settle(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the highest version of every channel and day; costs little where none is doubled."""
    code = pl.col("channel_id") * 100_000 + pl.col("day").to_physical().cast(pl.Int64)
    keys = frame.select(code.alias("code"))["code"]
    if keys.n_unique() == frame.height:
        return frame
    doubled = keys.is_duplicated()
    settled = frame.filter(doubled).sort("version").unique(KEY, keep="last")
    return pl.concat([frame.filter(~doubled), settled.select(frame.columns)])


def day_sums(
    selection: Selection, zonings: Sequence[slots.Zoning] = (), *, demand: bool = False
) -> pl.DataFrame | None:
    """One settled row a channel and day with its use per zone (columns ``zone.<name>``) and its marks.

    Args:
        demand: Add ``highest_milli``, the use of the quarter-hour that has the most.
    """
    rows = scan(selection)
    if rows is None:
        return None
    made = slots.zone_expressions(zonings)
    if demand:
        made.append(pl.max_horizontal(slots.POINTS).alias("highest_milli"))
    marks = ("version", "total_milli", "estimated_milli", "missing", "methods", "flags")
    frame = rows.select(*KEY, *marks, *made).collect(engine="streaming")
    return settle(_only(frame, selection.channels))


def whole_days(selection: Selection) -> pl.DataFrame | None:
    """Settled rows with all columns, sorted by channel and day."""
    rows = scan(selection)
    if rows is None:
        return None
    return settle(_only(rows.collect(), selection.channels)).sort(KEY)


def _only(frame: pl.DataFrame, channels: Iterable[int] | None) -> pl.DataFrame:
    if channels is None:
        return frame
    wanted = pl.DataFrame({"channel_id": list(channels)}, schema={"channel_id": pl.Int64})
    if wanted.height and wanted["channel_id"][-1] - wanted["channel_id"][0] + 1 == wanted.height:
        return frame
    return frame.join(wanted, on="channel_id", how="semi")
