"""Where a billing period is cut."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from metercash.kernel.interval import Interval


V = TypeVar("V")

ONE_DAY = timedelta(days=1)


def year_starts(period: Interval[date]) -> list[date]:
    """First days of calendar years strictly inside the period."""
    years = range(period.start.year + 1, period.end.year + 1)
    return [date(year, 1, 1) for year in years if date(year, 1, 1) < period.end]


def cut_by_version(
    period: Interval[date], version_on: Callable[[date], V]
) -> list[tuple[Interval[date], V]]:
    """Cut a period into stretches of one version each, history being billed at the price of its day.

    Args:
        version_on: The version in force on a day; equal values mean the same version. A version that
            comes back within one period is not seen when both ends carry it.
    """
    stretches: list[tuple[Interval[date], V]] = []
    start = period.start
    while start < period.end:
        version = version_on(start)
        end = _end_of(version, start, period.end, version_on)
        stretches.append((Interval(start, end), version))
        start = end
    return stretches


def _end_of(version: V, start: date, until: date, version_on: Callable[[date], V]) -> date:
    """First day after ``start`` with another version, or ``until``, by bisection."""
    if version_on(until - ONE_DAY) == version:
        return until
    same, other = start, until - ONE_DAY
    while (other - same).days > 1:
        middle = same + timedelta(days=(other - same).days // 2)
        if version_on(middle) == version:
            same = middle
        else:
            other = middle
    return other
