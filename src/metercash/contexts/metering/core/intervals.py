"""Rows of a file to days of quarter-hours; every refused value says why."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from metercash.contexts.metering.contracts import RowError
from metercash.contexts.metering.core.slots import SLOTS, STEPS, Bools, Ints, spread
from metercash.contexts.metering.core.tables import Table


ERRORS_MAX = 1000
MINUTES_PER_DAY = 1440
FACTORS = pl.DataFrame(
    [
        ("wh", "kWh", 0.001),
        ("kwh", "kWh", 1.0),
        ("mwh", "kWh", 1000.0),
        ("度", "kWh", 1.0),
        ("kwh", "GJ", 0.0036),
        ("mwh", "GJ", 3.6),
        ("mj", "GJ", 0.001),
        ("gj", "GJ", 1.0),
    ],
    schema={"unit": pl.String, "device_unit": pl.String, "factor": pl.Float64},
    orient="row",
)
"""How many of the meter's unit one of the file's unit is."""


@dataclass
class Refusals:
    """Collects what is refused; keeps the first thousand reasons and counts all values."""

    errors: list[RowError] = field(default_factory=list)
    count: int = 0

    def take(self, frame: pl.DataFrame, name: str, column: str, reason: str, values: int) -> None:
        """Refuse the rows of a frame, ``values`` in all."""
        self.count += values
        for row, value in (
            frame.select("row", pl.col(column).cast(pl.String))
            .head(ERRORS_MAX - len(self.errors))
            .iter_rows()
        ):
            self.errors.append(RowError(row, name, value or "", reason))


@dataclass(frozen=True, slots=True)
class Days:
    """Accepted values by channel and day.

    Attributes:
        keys: Columns ``channel_id``, ``day``, ``step_minutes``, one row a day, sorted.
        values, present: ``(days, 96)`` in thousandths of the meter's unit.
        read: Values found in the file; ``read == accepted + refusals.count``.
    """

    keys: pl.DataFrame
    values: Ints
    present: Bools
    read: int
    accepted: int
    refusals: Refusals


def resolve(table: Table, installed: pl.DataFrame, zone: str) -> Days:
    """Find the channel of every row and lay its values on the day.

    Args:
        installed: Columns ``meter``, ``channel_id``, ``device_unit``, ``multiplier_milli``,
            ``installed_on``, ``removed_on``.
        zone: Time zone of civil days; times without offset are in it.
    """
    refusals = Refusals()
    frame = table.frame.with_columns(
        pl.sum_horizontal(_filled(table.frame, name) for name in table.values).alias("filled")
    )
    read = int(frame["filled"].sum())
    frame = frame.filter(pl.col("filled") > 0)
    frame = _dated(frame, zone, refusals, wide=table.wide)
    frame = _placed(frame, installed, refusals)
    numbers = _numbers(frame, table.values, refusals)
    made = _wide(frame, numbers) if table.wide else _long(frame, numbers[:, 0], refusals)
    keys, values, present, accepted = made
    return Days(keys, values, present, read, accepted, refusals)


def _filled(frame: pl.DataFrame, name: str) -> pl.Expr:
    column = pl.col(name)
    present = column.is_not_null()
    if frame.schema[name] == pl.String:
        present &= column.str.strip_chars() != ""
    return present.fill_null(value=False).cast(pl.Int64)


def _refuse(
    frame: pl.DataFrame, bad: pl.Expr, refusals: Refusals, name: str, column: str, reason: str
) -> pl.DataFrame:
    marked = frame.with_columns(bad.fill_null(value=True).alias("bad"))
    refused = marked.filter(pl.col("bad"))
    if refused.height:
        refusals.take(refused, name, column, reason, int(refused["filled"].sum()))
    return marked.filter(~pl.col("bad")).drop("bad")


def _dated(frame: pl.DataFrame, zone: str, refusals: Refusals, *, wide: bool) -> pl.DataFrame:
    column = "day" if wide else "time"
    frame = frame.with_columns(_local(frame, column, zone).alias("at"))
    name, reason = ("日期", "不是日期") if wide else ("时间", "不是时间")
    frame = _refuse(frame, pl.col("at").is_null(), refusals, name, column, reason)
    frame = frame.with_columns(
        pl.col("at").dt.date().alias("on"),
        (pl.col("at").dt.hour().cast(pl.Int32) * 60 + pl.col("at").dt.minute()).alias("minute"),
    )
    aligned = (pl.col("minute") % STEPS[0] == 0) & (pl.col("at").dt.second() == 0)
    return _refuse(frame, ~aligned, refusals, name, column, "不在整刻钟上")


def _local(frame: pl.DataFrame, column: str, zone: str) -> pl.Expr:
    kind = frame.schema[column]
    if kind == pl.Date:
        return pl.col(column).cast(pl.Datetime("us"))
    if isinstance(kind, pl.Datetime):
        moved = pl.col(column).dt.convert_time_zone(zone) if kind.time_zone else pl.col(column)
        return moved.dt.replace_time_zone(None).cast(pl.Datetime("us"))
    text = (
        pl.col(column)
        .cast(pl.String)
        .str.strip_chars()
        .str.replace_all("/", "-", literal=True)
        .str.replace("T", " ", literal=True)
        .str.replace(r"^(\d{4})年(\d{1,2})月(\d{1,2})日", "$1-$2-$3")
    )
    plain = [
        text.str.to_datetime(shape, strict=False, time_unit="us")
        for shape in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
    ]
    dates = text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    offset = text.str.replace("Z$", "+00:00").str.to_datetime(
        "%Y-%m-%d %H:%M:%S%z", strict=False, time_unit="us", time_zone="UTC"
    )
    aware = offset.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    return pl.coalesce(*plain, dates, aware)


def _placed(frame: pl.DataFrame, installed: pl.DataFrame, refusals: Refusals) -> pl.DataFrame:
    known = installed.select("meter").unique().with_columns(known=pl.lit(value=True))
    frame = frame.join(known, on="meter", how="left", maintain_order="left")
    frame = _refuse(frame, pl.col("known").is_null(), refusals, "表号", "meter", "没有登记这块表")
    pairs = frame.select("meter", "on").unique().join(installed, on="meter")
    valid = pairs.filter(
        (pl.col("on") >= pl.col("installed_on"))
        & (pl.col("removed_on").is_null() | (pl.col("on") < pl.col("removed_on")))
    ).drop("installed_on", "removed_on")
    frame = frame.join(valid, on=["meter", "on"], how="left", maintain_order="left")
    frame = _refuse(
        frame, pl.col("channel_id").is_null(), refusals, "表号", "meter", "当日没有安装这块表"
    )
    unit = pl.coalesce(pl.col("unit").str.strip_chars().replace("", None), "device_unit")
    frame = frame.with_columns(unit.str.to_lowercase().alias("unit"))
    frame = frame.join(FACTORS, on=["unit", "device_unit"], how="left", maintain_order="left")
    return _refuse(
        frame, pl.col("factor").is_null(), refusals, "单位", "unit", "不能换算为表计的单位"
    )


def _numbers(frame: pl.DataFrame, names: Sequence[str], refusals: Refusals) -> np.ndarray:
    """Values in thousandths of the meter's unit, NaN where absent or refused."""
    scale = (frame["factor"] * frame["multiplier_milli"]).to_numpy()
    numbers = np.empty((frame.height, len(names)))
    for index, name in enumerate(names):
        column = pl.col(name)
        if frame.schema[name] == pl.String:
            column = column.str.strip_chars()
        parsed = frame.select(
            "row",
            name,
            column.cast(pl.Float64, strict=False).alias("number"),
            _filled(frame, name).alias("was"),
        )
        number = parsed["number"]
        bad = parsed.filter(
            (pl.col("was") == 1) & ~pl.col("number").is_finite().fill_null(value=False)
        )
        if bad.height:
            label = "数值" if len(names) == 1 else name
            refusals.take(bad, label, name, "不是数字", bad.height)
        array = number.fill_null(float("nan")).to_numpy().copy()
        array[~np.isfinite(array)] = np.nan
        numbers[:, index] = np.rint(array * scale)
    return numbers


def _wide(frame: pl.DataFrame, numbers: np.ndarray) -> tuple[pl.DataFrame, Ints, Bools, int]:
    parts = SLOTS // numbers.shape[1]
    present = ~np.isnan(numbers)
    accepted = int(present.sum())
    values = np.where(present, numbers, 0).astype(np.int64)
    keys = frame.select(
        pl.col("channel_id").cast(pl.Int64),
        pl.col("on").alias("day"),
        pl.lit(STEPS[0] * parts, pl.Int16).alias("step_minutes"),
    ).with_row_index("index")
    last = keys.unique(["channel_id", "day"], keep="last").sort("channel_id", "day")
    order = last["index"].to_numpy()
    spread_values = spread(values[order]) if parts > 1 else values[order]
    return last.drop("index"), spread_values, np.repeat(present[order], parts, axis=1), accepted


def _long(
    frame: pl.DataFrame, numbers: np.ndarray, refusals: Refusals
) -> tuple[pl.DataFrame, Ints, Bools, int]:
    frame = frame.with_columns(pl.Series("number", numbers)).filter(pl.col("number").is_not_nan())
    frame = frame.with_columns(pl.col("number").cast(pl.Int64))
    cells = ["channel_id", "on", "minute"]
    first = pl.col("number").first().over(cells)
    again = (pl.col("row") != pl.col("row").first().over(cells)) & (pl.col("number") != first)
    frame = _refuse(frame, again, refusals, "数值", "value", "与同一时刻的前一个值不同")
    accepted = frame.height
    frame = frame.unique(cells, keep="first").sort(cells)
    offsets = pl.col("minute") % 60
    step = (
        pl.when((offsets % 30 != 0).any().over("channel_id"))
        .then(15)
        .when((offsets != 0).any().over("channel_id"))
        .then(30)
        .otherwise(60)
    )
    frame = frame.with_columns(step.cast(pl.Int16).alias("step_minutes"))
    keys = frame.select("channel_id", pl.col("on").alias("day"), "step_minutes").unique(
        maintain_order=True
    )
    rows = frame.select(pl.struct("channel_id", "on").rle_id()).to_series().to_numpy()
    values = np.zeros((keys.height, SLOTS), dtype=np.int64)
    present = np.zeros((keys.height, SLOTS), dtype=np.bool_)
    slot = frame["minute"].to_numpy() // STEPS[0]
    parts = frame["step_minutes"].to_numpy().astype(np.int64) // STEPS[0]
    number = frame["number"].to_numpy()
    for part in range(int(parts.max(initial=0))):
        use = parts > part
        share = number * (part + 1) // parts - number * part // parts
        values[rows[use], slot[use] + part] = share[use]
        present[rows[use], slot[use] + part] = True
    return keys.with_columns(pl.col("channel_id").cast(pl.Int64)), values, present, accepted
