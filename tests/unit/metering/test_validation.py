"""Each rule finds its fault and leaves an ordinary day alone."""

import numpy as np
import pytest

from metercash.contexts.metering.contracts import Flag
from metercash.contexts.metering.core import slots
from metercash.contexts.metering.core.validation import flags_of, longest_run


ORDINARY = 100 + np.arange(96, dtype=np.int64) % 7 * 10


def flags(values, present=None, step=15, reference=None):
    known = np.ones(96, dtype=np.bool_) if present is None else present
    usual = None if reference is None else np.array([reference])
    found = flags_of(values[None, :], known[None, :], np.array([step]), usual)
    return Flag(int(found[0]))


def changed(start, end, value):
    values = ORDINARY.copy()
    values[start:end] = value
    return values


class TestFlagsOf:
    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            (ORDINARY, Flag.NONE),
            (changed(5, 6, -1), Flag.NEGATIVE),
            (changed(5, 6, 9000), Flag.SPIKE),
            (changed(5, 8, 9000), Flag.NONE),
            (changed(0, 48, 0), Flag.NONE),
            (changed(0, 49, 0), Flag.ZERO_RUN),
            (changed(0, 24, 55), Flag.NONE),
            (changed(0, 25, 55), Flag.STUCK),
        ],
    )
    def test_names_the_fault(self, values, expected):
        assert flags(values) == expected

    def test_finds_missing(self):
        present = np.ones(96, dtype=np.bool_)
        present[9] = False
        assert flags(ORDINARY, present) == Flag.MISSING

    def test_looks_at_hours_as_measured_not_as_split(self):
        hours = np.arange(100, 124, dtype=np.int64)[None, :] * 4
        assert flags(slots.spread(hours)[0], step=60) == Flag.NONE

    @pytest.mark.parametrize(
        ("factor", "expected"),
        [(1, Flag.NONE), (5, Flag.NONE), (6, Flag.HIGH)],
    )
    def test_compares_with_a_usual_day(self, factor, expected):
        assert flags(ORDINARY * factor, reference=int(ORDINARY.sum())) == expected

    def test_finds_low_days_and_ignores_unknown_references(self):
        assert flags(ORDINARY, reference=int(ORDINARY.sum()) * 11) == Flag.LOW
        assert flags(ORDINARY, reference=0) == Flag.NONE


class TestLongestRun:
    def test_counts(self):
        mask = np.array([[1, 1, 0, 1, 1, 1], [0, 0, 0, 0, 0, 0]], dtype=np.bool_)
        assert longest_run(mask).tolist() == [3, 0]


class TestZoneSlots:
    def test_refuses_overlap_and_slots_outside_the_day(self):
        with pytest.raises(ValueError, match="both"):
            slots.zone_slots({"a": [(0, 5)], "b": [(4, 6)]})
        with pytest.raises(ValueError, match="not within"):
            slots.zone_slots({"a": [(90, 97)]})
