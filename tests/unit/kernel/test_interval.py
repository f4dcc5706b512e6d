"""Intervals are half-open and never empty."""

from datetime import date

import pytest

from metercash.kernel.interval import Interval, days, each_day


SEASON = Interval(date(2025, 10, 20), date(2026, 4, 21))


@pytest.mark.parametrize("end", [1, 0])
def test_an_empty_interval_is_refused(end):
    with pytest.raises(ValueError, match="empty"):
        Interval(1, end)


def test_the_end_is_outside():
    assert date(2025, 10, 20) in SEASON
    assert date(2026, 4, 20) in SEASON
    assert date(2026, 4, 21) not in SEASON


def test_neighbors_share_nothing():
    assert Interval(1, 3) & Interval(3, 5) is None
    assert not Interval(1, 3).overlaps(Interval(3, 5))
    assert Interval(1, 4) & Interval(3, 5) == Interval(3, 4)
    assert Interval(1, 4).overlaps(Interval(3, 5))


def test_split_ignores_points_outside_and_repeated():
    assert Interval(0, 10).split([5, 5, 0, 10, 99]) == [Interval(0, 5), Interval(5, 10)]


def test_days_are_civil_days():
    assert days(SEASON) == 183
    assert list(each_day(Interval(date(2024, 2, 28), date(2024, 3, 1)))) == [
        date(2024, 2, 28), date(2024, 2, 29),
    ]  # fmt: skip
