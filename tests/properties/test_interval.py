"""Laws of intervals: cuts rejoin, intersection is membership in both."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval


POINTS = st.integers(-50, 50)
INTERVALS = st.tuples(POINTS, POINTS).filter(lambda p: p[0] != p[1]).map(
    lambda p: Interval(min(p), max(p))
)  # fmt: skip


@given(INTERVALS, st.lists(POINTS))
def test_the_parts_of_a_split_join_to_the_whole(whole, points):
    parts = whole.split(points)
    assert parts[0].start == whole.start
    assert parts[-1].end == whole.end
    assert all(a.end == b.start for a, b in itertools.pairwise(parts))


@given(INTERVALS, INTERVALS, POINTS)
def test_the_intersection_holds_what_both_hold(one, other, point):
    both = one & other
    assert both == other & one
    assert (both is not None and point in both) == (point in one and point in other)
    assert one.overlaps(other) == other.overlaps(one) == (both is not None)
