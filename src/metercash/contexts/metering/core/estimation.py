"""Filling gaps: a straight line for two hours, the usual profile of a like day beyond."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from metercash.contexts.metering.contracts import Method
from metercash.contexts.metering.core.slots import SLOTS, Bools, Ints


LINEAR_SLOTS_MAX = 8
LIKE_DAYS_MAX = 4
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Filled:
    """A series of days with its gaps filled.

    Attributes:
        values: Quarter-hours ``(days, 96)``.
        methods: Method code per quarter-hour, zero where nothing was filled.
        missing: Quarter-hours that no rule could fill.
    """

    values: Ints
    methods: npt.NDArray[np.int64]
    missing: Bools


def fill(values: Ints, present: Bools, first_day: date) -> Filled:
    """Estimate what is absent in consecutive days of one channel; what is present never changes.

    Args:
        values: ``(days, 96)``, zero where absent.
        first_day: The civil day of the first row; decides working days and weekends.
    """
    filled = values.copy().reshape(-1)
    known = present.reshape(-1)
    methods = np.zeros(filled.size, dtype=np.int64)
    for start, end in _gaps(known):
        if end - start <= LINEAR_SLOTS_MAX and start > 0 and end < filled.size:
            before, after = filled[start - 1], filled[end]
            steps = np.arange(1, end - start + 1, dtype=np.int64)
            filled[start:end] = before + (after - before) * steps // (end - start + 1)
            methods[start:end] = Method.LINEAR
    for index in np.flatnonzero(~known & (methods == 0)):
        estimate = _like_day(values, present, first_day, int(index))
        if estimate is not None:
            filled[index] = estimate
            methods[index] = Method.LIKE_DAY
    shape = values.shape
    missing = ~known & (methods == 0)
    return Filled(filled.reshape(shape), methods.reshape(shape), missing.reshape(shape))


def _gaps(known: Bools) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([True], known, [True])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _like_day(values: Ints, present: Bools, first_day: date, index: int) -> int | None:
    """Mean of the same slot on the nearest days of the same kind; any kind if there is none."""
    day, slot = divmod(index, SLOTS)
    candidates = np.flatnonzero(present[:, slot])
    if not candidates.size:
        return None
    weekend = (first_day.weekday() + np.arange(len(values))) % 7 >= SATURDAY
    like = candidates[weekend[candidates] == weekend[day]]
    pool = like if like.size else candidates
    nearest = pool[np.argsort(np.abs(pool - day), kind="stable")][:LIKE_DAYS_MAX]
    return int(values[nearest, slot].sum()) // len(nearest)
