"""Register to use: safe across meter exchange, rollover and gaps.

The reads of a service point become one non-decreasing count of use over days. Between two reads it is
interpolated by whole days, so the use of a period is a difference of two counts and periods always add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metercash.kernel.interval import Interval, days


ROLLOVER_SHARE = 10
"""A rollover is believed if the use it implies is at most a tenth of the whole register."""


@dataclass(frozen=True, slots=True)
class Read:
    """A register at the beginning of a day, × 1000."""

    on: date
    milli: int


@dataclass(frozen=True, slots=True)
class Register:
    """One meter at the service point: its reads in order of time, how it counts."""

    reads: Sequence[Read]
    register_digits: int
    multiplier_milli: int


@dataclass(frozen=True, slots=True)
class Segment:
    """Use between two reads; None where the register fell and no rollover explains it."""

    period: Interval[date]
    milli: int | None


@dataclass(frozen=True, slots=True)
class RegisterUse:
    """Use of a period.

    Attributes:
        milli: Use of the days that reads enclose.
        interpolated_milli: The part that rests on interpolation at an edge of the period.
        missing_days: Days that no pair of believable reads encloses.
    """

    milli: int
    interpolated_milli: int
    missing_days: int


def difference(previous: int, current: int, register_digits: int) -> int | None:
    """What a register counted between two readings, or None if it fell without a believable rollover."""
    if current >= previous:
        return current - previous
    whole = 1000 * 10**register_digits
    rolled = whole - previous + current
    return rolled if rolled * ROLLOVER_SHARE <= whole else None


def segments(registers: Sequence[Register]) -> list[Segment]:
    """The use between neighboring reads of every meter, in order of time; exchanges leave no gap in use."""
    found: list[Segment] = []
    for register in registers:
        for before, after in zip(register.reads, register.reads[1:], strict=False):
            counted = difference(before.milli, after.milli, register.register_digits)
            milli = None if counted is None else counted * register.multiplier_milli // 1000
            found.append(Segment(Interval(before.on, after.on), milli))
    return sorted(found, key=lambda segment: segment.period.start)


def use_of(registers: Sequence[Register], period: Interval[date]) -> RegisterUse:
    """The use of a period; for a split of the period the parts add up to the whole."""
    total, interpolated, covered = 0, 0, 0
    for segment in segments(registers):
        common = segment.period & period
        if common is None or segment.milli is None:
            continue
        milli = _until(segment, common.end) - _until(segment, common.start)
        total += milli
        covered += days(common)
        if common != segment.period:
            interpolated += milli
    return RegisterUse(total, interpolated, days(period) - covered)


def frozen_use(registers: Sequence[Register], period: Interval[date], day: date) -> int | None:
    """Use of a period before a day on which a register was read; ``None`` where none was."""
    if not any(read.on == day for register in registers for read in register.reads):
        return None
    use = use_of(registers, Interval(period.start, day))
    return None if use.missing_days else use.milli


def highest_demand(registers: Sequence[Register], period: Interval[date]) -> int | None:
    """Highest of what demand registers showed in a period, thousandths; ``None`` where unknown.

    A demand register shows the highest since the read before: only reads on the first day of the
    period and on the first day after enclose it.
    """
    reads = [(read, register) for register in registers for read in register.reads]
    if not {period.start, period.end} <= {read.on for read, _ in reads}:
        return None
    return max(
        read.milli * register.multiplier_milli // 1000
        for read, register in reads
        if period.start < read.on <= period.end
    )


def _until(segment: Segment, day: date) -> int:
    """Use of the segment before a day, in whole thousandths."""
    assert segment.milli is not None
    return segment.milli * (day - segment.period.start).days // days(segment.period)
