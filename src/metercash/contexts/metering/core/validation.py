"""Validation of interval values, a day at a time and many days at once."""

from dataclasses import dataclass

import numpy as np

from metercash.contexts.metering.contracts import Flag
from metercash.contexts.metering.core.slots import STEPS, Bools, Ints, merge


@dataclass(frozen=True, slots=True)
class Limits:
    """Tolerances of the rules.

    Attributes:
        spike_milli: Highest over third highest value of a day, less one, × 1000.
        zero_run_minutes: A run of zeros longer than this is flagged.
        stuck_minutes: A run of one unchanged non-zero value longer than this is flagged.
        high_milli, low_milli: Bounds of a day over the reference day, × 1000.
    """

    spike_milli: int = 1800
    spike_floor_milli: int = 2000
    zero_run_minutes: int = 12 * 60
    stuck_minutes: int = 6 * 60
    high_milli: int = 5000
    low_milli: int = 100


LIMITS = Limits()


def flags_of(
    values: Ints,
    present: Bools,
    steps: Ints,
    reference_milli: Ints | None = None,
    limits: Limits = LIMITS,
) -> Ints:
    """The flags of each day.

    Args:
        values: Quarter-hours ``(days, 96)``, zero where absent.
        present: Which of them are known.
        steps: Minutes of the interval each day was measured in; rules look at these, not at split values.
        reference_milli: Use of a usual day of the same channel; zero or None where there is none.
    """
    flags = np.zeros(len(values), dtype=np.int64)
    for step in STEPS:
        rows = np.flatnonzero(steps == step)
        if rows.size:
            parts = present[rows].reshape(rows.size, -1, step // 15)
            known: Bools = np.asarray(parts.all(axis=2))
            flags[rows] = _flags_of_step(merge(values[rows], step), known, step, limits)
    if reference_milli is not None:
        complete = present.all(axis=1) & (reference_milli > 0)
        totals = values.sum(axis=1) * 1000
        flags[complete & (totals > reference_milli * limits.high_milli)] |= Flag.HIGH
        flags[complete & (totals < reference_milli * limits.low_milli)] |= Flag.LOW
    return flags


def _flags_of_step(values: Ints, known: Bools, step: int, limits: Limits) -> Ints:
    flags = np.zeros(len(values), dtype=np.int64)
    flags[~known.all(axis=1)] |= Flag.MISSING
    flags[((values < 0) & known).any(axis=1)] |= Flag.NEGATIVE
    top = np.sort(np.where(known, values, 0), axis=1)[:, -3:]
    third, highest = top[:, 0], top[:, 2]
    spiked = (highest - third) * 1000 > third * limits.spike_milli
    flags[spiked & (highest >= limits.spike_floor_milli) & (third > 0)] |= Flag.SPIKE
    zeros = (values == 0) & known
    flags[longest_run(zeros) * step > limits.zero_run_minutes] |= Flag.ZERO_RUN
    same = (values[:, 1:] == values[:, :-1]) & (values[:, 1:] != 0) & known[:, 1:] & known[:, :-1]
    flags[(longest_run(same) + 1) * step > limits.stuck_minutes] |= Flag.STUCK
    return flags


def longest_run(mask: Bools) -> Ints:
    """The longest run of true values in each row."""
    run = np.zeros(len(mask), dtype=np.int64)
    longest = run.copy()
    for column in mask.T:
        run = (run + 1) * column
        np.maximum(longest, run, out=longest)
    return longest
