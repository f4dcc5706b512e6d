"""Laws of the day: spreading keeps sums, masks survive packing, estimates never touch what is known."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from metercash.contexts.metering.core import estimation, slots


values_of = st.sampled_from([24, 48, 96]).flatmap(
    lambda width: arrays.arrays(np.int64, (3, width), elements=st.integers(-(10**9), 10**12))
)
masks = arrays.arrays(np.bool_, (4, 96))
curves = arrays.arrays(np.int64, (4, 96), elements=st.integers(0, 10**7))


@given(values_of)
def test_spread_and_merge_are_inverse(values):
    spread = slots.spread(values)
    assert spread.shape == (3, 96)
    assert (slots.merge(spread, 1440 // values.shape[1]) == values).all()


@given(masks)
def test_packed_masks_survive(mask):
    assert (slots.unpack(*slots.pack(mask)) == mask).all()


@settings(max_examples=40)
@given(curves, masks)
def test_estimates_leave_known_values_alone(values, present):
    known = np.where(present, values, 0)
    filled = estimation.fill(known, present, date(2026, 1, 1))
    assert (filled.values[present] == values[present]).all()
    assert ((filled.methods != 0) | filled.missing | present).all()
    assert not (filled.missing & (filled.methods != 0)).any()
    assert (filled.values[filled.missing] == 0).all()
    low, high = known[present].min(initial=10**7), known[present].max(initial=0)
    estimated = filled.values[filled.methods != 0]
    assert ((estimated >= low) & (estimated <= high)).all()
