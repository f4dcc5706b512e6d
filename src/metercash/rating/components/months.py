"""Calendar months of a period."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from metercash.rating.errors import PeriodNotMonthly
from metercash.rating.facts import MONTHS_PER_YEAR


THIRTY = 30


@lru_cache(maxsize=1024)
def months_of(start: date, end: date) -> tuple[int, ...]:
    """Calendar months a period counts: one for each month begun from its start day."""
    months, year, month = [], start.year, start.month
    while (year, month, start.day) < (end.year, end.month, end.day):
        months.append(month)
        year, month = (year, month + 1) if month < MONTHS_PER_YEAR else (year + 1, 1)
    return tuple(months)


def started_months(start: date, end: date) -> int:
    """Calendar months that a service ``[start, end)`` touches: a started month is one."""
    if end <= start:
        return 0
    last = date.fromordinal(end.toordinal() - 1)
    return (last.year - start.year) * MONTHS_PER_YEAR + last.month - start.month + 1


_MONTH_DAYS_MIN, _MONTH_DAYS_MAX = 28, 31


def thirtieths(start: date, end: date) -> int:
    """Days ``[start, end)`` counts of a month of thirty: a whole month is 30, a part its days.

    Raises:
        PeriodNotMonthly: if it is longer than a month.
    """
    count = (end - start).days
    if count > _MONTH_DAYS_MAX:
        raise PeriodNotMonthly(start=start, end=end)
    return THIRTY if count >= _MONTH_DAYS_MIN else count
