"""Fill gaps with marked estimates, written as a new version; raw versions stay in the store."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from metercash.contexts.metering import models
from metercash.contexts.metering.contracts import BatchKind, EstimateReport, Flag, Method
from metercash.contexts.metering.core import estimation, slots
from metercash.contexts.metering.operations.append import NewDays, append, rows_of
from metercash.contexts.metering.queries import devices, store
from metercash.kernel.interval import Interval, days, each_day
from metercash.platform import audit, db, outbox


HISTORY_DAYS = 30
DAYS_MAX = 92


@db.transaction_required
def estimate(
    *, service_point_ids: Sequence[int], period: Interval[date], now: datetime
) -> EstimateReport:
    """See :func:`..api.estimate`."""
    window = Interval(period.start - timedelta(days=HISTORY_DAYS), period.end)
    points = sorted(set(service_point_ids))
    held = store.whole_days(store.Selection(window, points))
    if held is None:
        return EstimateReport(0, 0, len(points) * days(period) * slots.SLOTS, 0)
    history = {one.service_point_id: one for one in devices.installations(service_point_ids=points)}
    made: list[NewDays] = []
    counts = np.zeros(3, dtype=np.int64)
    by_channel = held.partition_by("channel_id", as_dict=True)
    for point in points:
        rows = by_channel.get((point,))
        if rows is None or point not in history:
            counts[2] += days(period) * slots.SLOTS
            continue
        new = _channel(point, rows, window, period, counts)
        if new is not None:
            made.append(new)
    written = _write(made, period, now)
    report = EstimateReport(int(counts[0]), int(counts[1]), int(counts[2]), written)
    if written:
        outbox.publish(
            "metering.readings.estimated",
            first_day=period.start.isoformat(),
            until_day=period.end.isoformat(),
            days=written,
        )
    return report


def _channel(
    point: int,
    rows: pl.DataFrame,
    window: Interval[date],
    period: Interval[date],
    counts: slots.Ints,
) -> NewDays | None:
    every = pl.DataFrame({"day": list(each_day(window))}, schema={"day": pl.Date})
    joined = every.join(rows, on="day", how="left", maintain_order="left")
    values, present = slots.matrix(joined)
    low, high = (
        joined[name].fill_null(0).to_numpy() for name in ("estimated_low", "estimated_high")
    )
    earlier = slots.unpack(low, high)
    asked = days(window) - days(period)
    if present[asked:].all():
        return None
    filled = estimation.fill(values, present, window.start)
    inside = slice(asked, None)
    methods = filled.methods[inside]
    counts += [
        (methods == Method.LINEAR).sum(),
        (methods == Method.LIKE_DAY).sum(),
        filled.missing[inside].sum(),
    ]
    changed = np.flatnonzero((methods != 0).any(axis=1))
    if not changed.size:
        return None
    picked = asked + changed
    before = joined["methods"].fill_null(0).to_numpy()[picked]
    flags = joined["flags"].fill_null(int(Flag.MISSING)).to_numpy()[picked]
    steps = joined["step_minutes"].fill_null(slots.STEPS[0]).to_numpy()[picked]
    keys = pl.DataFrame(
        {
            "channel_id": np.full(picked.size, point, dtype=np.int64),
            "day": joined["day"].gather(picked),
            "step_minutes": steps,
            "methods": before | np.bitwise_or.reduce(methods[changed], axis=1),
            "flags": flags,
        }
    )
    now_present = present[picked] | (filled.methods[picked] != 0)
    estimated = (earlier[picked] & present[picked]) | (filled.methods[picked] != 0)
    return NewDays(keys, filled.values[picked], now_present, estimated)


def _write(made: Sequence[NewDays], period: Interval[date], now: datetime) -> int:
    if not made:
        return 0
    joined = NewDays(
        pl.concat([new.keys for new in made], how="vertical_relaxed"),
        np.concatenate([new.values for new in made]),
        np.concatenate([new.present for new in made]),
        np.concatenate([new.estimated for new in made]),
    )
    count = joined.keys.height
    batch = models.ImportBatch.objects.create(
        kind=BatchKind.ESTIMATE,
        filename="",
        sha256="",
        days=count,
        first_day=period.start,
        last_day=period.end - timedelta(days=1),
        received_at=now,
    )
    frame = rows_of(joined, version=batch.id, source=BatchKind.ESTIMATE, received_at=now)
    append(frame, version=batch.id)
    audit.record(
        action="metering.batch.estimate", subject=f"batch:{batch.id}", detail={"days": count}
    )
    return count
