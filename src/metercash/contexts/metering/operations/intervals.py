"""Import of interval files: raw rows kept by version, counted, validated, idempotent by the file's hash."""

import hashlib
from dataclasses import asdict
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from metercash.contexts.metering import models
from metercash.contexts.metering.contracts import (
    BatchKind,
    ImportReport,
    Method,
)
from metercash.contexts.metering.core import intervals, tables, validation
from metercash.contexts.metering.operations.append import NewDays, append, merge_partial, rows_of
from metercash.contexts.metering.queries import devices, store, usage
from metercash.contexts.metering.queries.batches import report_of
from metercash.kernel.interval import Interval
from metercash.platform import audit, db, outbox


REFERENCE_DAYS = 28


@db.transaction_required
def import_file(*, content: bytes, filename: str, now: datetime) -> ImportReport:
    """See :func:`..api.import_intervals`."""
    digest = hashlib.sha256(content).hexdigest()
    earlier = models.ImportBatch.objects.filter(kind=BatchKind.IMPORT, sha256=digest).first()
    if earlier is not None:
        return report_of(earlier, repeated=True)
    table = tables.read(content, filename)
    known = devices.mapping(device_nos=table.frame["meter"].drop_nulls().unique().to_list())
    days = intervals.resolve(table, known, str(usage.zone()))
    assert days.read == days.accepted + days.refusals.count
    batch = models.ImportBatch.objects.create(
        kind=BatchKind.IMPORT,
        filename=filename[:200],
        sha256=digest,
        read=days.read,
        accepted=days.accepted,
        refused=days.refusals.count,
        days=days.keys.height,
        errors=[asdict(error) for error in days.refusals.errors],
        first_day=days.keys["day"].min(),
        last_day=days.keys["day"].max(),
        received_at=now,
    )
    if days.keys.height:
        batch.flagged_days = _store(days, version=batch.id, now=now)
        batch.save(update_fields=["flagged_days"])
    audit.record(
        action="metering.batch.import",
        subject=f"batch:{batch.id}",
        detail={"filename": filename[:200], "accepted": days.accepted},
    )
    outbox.publish("metering.readings.imported", batch_id=batch.id, days=days.keys.height)
    return report_of(batch)


def _store(days: intervals.Days, *, version: int, now: datetime) -> int:
    method = pl.when(pl.col("step_minutes") > 15).then(Method.MEASURED | Method.SPLIT)
    keys = days.keys.with_columns(
        method.otherwise(int(Method.MEASURED)).cast(pl.Int32).alias("methods"),
        pl.lit(0, pl.Int32).alias("flags"),
    )
    new = merge_partial(NewDays(keys, days.values, days.present, np.zeros_like(days.present)))
    flags = validation.flags_of(
        new.values,
        new.present,
        new.keys["step_minutes"].to_numpy().astype(np.int64),
        _reference(new.keys),
    )
    flagged = NewDays(
        new.keys.with_columns(pl.Series("flags", flags.astype(np.int32))),
        new.values,
        new.present,
        new.estimated,
    )
    append(
        rows_of(flagged, version=version, source=BatchKind.IMPORT, received_at=now), version=version
    )
    return int((flags != 0).sum())


def _reference(keys: pl.DataFrame) -> np.ndarray | None:
    """A usual day of each channel: the median complete day of the four weeks before the file."""
    first = keys["day"].min()
    assert isinstance(first, date)
    period = Interval(first - timedelta(days=REFERENCE_DAYS), first)
    channels = keys["channel_id"].unique().sort().to_list()
    before = store.day_sums(store.Selection(period, channels))
    if before is None or not before.height:
        return None
    usual = (
        before.filter(pl.col("missing") == 0)
        .group_by("channel_id")
        .agg(pl.col("total_milli").median().cast(pl.Int64).alias("usual"))
    )
    joined = keys.join(usual, on="channel_id", how="left", maintain_order="left")
    return joined["usual"].fill_null(0).to_numpy()
