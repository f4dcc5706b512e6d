"""Laws of kinds of days: every day is of one kind, and what is announced changes only its own day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval, days
from metercash.rating import document
from tests.unit.rating.grids import GRIDS


CALENDARS = {grid: document.parse(text).time_of_use for grid, text in GRIDS.items()}
GRID = st.sampled_from(sorted(CALENDARS))
DAY = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(GRID, DAY, st.integers(1, 60), st.integers(1, 60))
def test_the_days_of_two_periods_are_those_of_both(grid, start, first, second):
    calendar = CALENDARS[grid]
    middle = min(start + timedelta(days=first), date(2026, 12, 31))
    end = min(middle + timedelta(days=second), date(2027, 1, 1))
    whole = Interval(start, end)
    parts = [calendar.kinds_in(part) for part in whole.split([middle])]
    joined = {}
    for part in parts:
        for kind, found in part.items():
            joined[kind] = joined.get(kind, ()) + found
    assert joined == calendar.kinds_in(whole)
    assert sum(map(len, joined.values())) == days(whole)


@given(st.sampled_from(["广东", "四川"]), DAY, DAY)
def test_an_announcement_changes_its_own_day_only(grid, announced, day):
    before = CALENDARS[grid]
    after = before.announcing([("hot", announced)])
    assert announced == day or after.kind_of(day) == before.kind_of(day)
    assert "critical" in dict(after.kind_of(announced).zones)


@given(GRID, DAY)
def test_zones_of_a_day_do_not_overlap(grid, day):
    slots = [
        slot for _, ranges in CALENDARS[grid].kind_of(day).zones for a, b in ranges
        for slot in range(a, b)
    ]  # fmt: skip
    assert len(slots) == len(set(slots)) == 96
