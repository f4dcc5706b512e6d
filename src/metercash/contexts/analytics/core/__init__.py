"""Shares, bands and steps: arithmetic without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from metercash.contexts.analytics.contracts import Step
from metercash.kernel.interval import Interval, each_day


MILLI = 1000
AGE_BOUNDS = (1, 31, 61, 91, 181)


def share_milli(part: int, whole: int) -> int:
    """``part`` of ``whole`` in thousandths, rounded down, within 0…1000; zero of nothing is zero."""
    if whole <= 0:
        return 0
    return max(0, min(MILLI, part * MILLI // whole))


def age_band(days_late: int) -> int:
    """Index of the band: 1–30, 31–60, 61–90, 91–180 and more than 180 days."""
    return sum(days_late >= bound for bound in AGE_BOUNDS) - 1


def band_days(index: int) -> tuple[int, int | None]:
    """The band's days late, half-open."""
    following = AGE_BOUNDS[index + 1] if index + 1 < len(AGE_BOUNDS) else None
    return AGE_BOUNDS[index], following


def band_due(index: int, as_of: date) -> Interval[date]:
    """The due dates, half-open, of items that are in the band on the day."""
    first, until = band_days(index)
    start = date.min if until is None else as_of - timedelta(days=until - 1)
    return Interval(start, as_of - timedelta(days=first - 1))


def steps(period: Interval[date], step: Step) -> list[Interval[date]]:
    """The period cut into days or civil months."""
    if step is Step.DAY:
        return [Interval(day, day + timedelta(days=1)) for day in each_day(period)]
    return period.split(day for day in each_day(period) if day.day == 1)


def latest_periods(periods: Sequence[Interval[date]], count: int) -> list[Interval[date]]:
    """The latest distinct periods, newest first."""
    distinct = sorted(set(periods), key=lambda period: (period.start, period.end), reverse=True)
    return distinct[:count]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of two counts or amounts of one unit.

    回收率 is received of receivable, 抄表差错率 wrong of read meters, 采集成功率 readings received of
    expected.

    Raises:
        ValueError: if there is nothing to take a share of, or a number is negative.
    """

    part: int
    whole: int

    def __post_init__(self) -> None:
        if self.whole <= 0 or self.part < 0:
            msg = f"no share: {self.part} of {self.whole}"
            raise ValueError(msg)

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.part + other.part, self.whole + other.whole)

    def percent(self, decimals: int) -> Decimal:
        """For print, rounded half up; never compare it with a threshold."""
        exact = Decimal(self.part) * 100 / self.whole
        return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    def reaches(self, threshold_percent: Decimal) -> bool:
        """Whether the share is at least the threshold, compared before any rounding."""
        return self.part * 100 >= threshold_percent * self.whole


@dataclass(frozen=True, slots=True)
class Recovery:
    """回收率 as it is reported: of this year's debts, of earlier years', and of both together."""

    current_year: Rate
    prior_years: Rate

    @property
    def cumulative(self) -> Rate:
        """Received of receivable over all years."""
        return self.current_year + self.prior_years
