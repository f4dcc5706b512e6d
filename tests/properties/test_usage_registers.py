"""Laws of register use: nothing is lost or invented by exchange, rollover, gaps or cutting a period."""

from datetime import date, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from metercash.contexts.metering.core.registers import Read, Register, difference, use_of
from metercash.kernel.interval import Interval, days


START = date(2025, 1, 1)
DIGITS = 5
WHOLE = 1000 * 10**DIGITS

steps = st.lists(st.tuples(st.integers(1, 60), st.integers(0, WHOLE // 20)), min_size=1, max_size=8)


def registers_of(uses, first_value, cuts=()):
    """Meters that count the given uses; a new meter begins after each step named in ``cuts``."""
    made, on, value = [], START, first_value
    reads = [Read(on, value)]
    for index, (length, use) in enumerate(uses):
        on += timedelta(days=length)
        value = (value + use) % WHOLE
        reads.append(Read(on, value))
        if index in cuts:
            made.append(Register(reads, DIGITS, 1000))
            value = 17 * index
            reads = [Read(on, value)]
    return [*made, Register(reads, DIGITS, 1000)]


def whole_period(uses):
    return Interval(START, START + timedelta(days=sum(length for length, _ in uses)))


@given(steps, st.integers(0, WHOLE - 1))
def test_rollover_loses_nothing(uses, first_value):
    use = use_of(registers_of(uses, first_value), whole_period(uses))
    assert (use.milli, use.missing_days) == (sum(milli for _, milli in uses), 0)
    assert use.interpolated_milli == 0


@given(steps, st.integers(0, WHOLE - 1), st.sets(st.integers(0, 7)))
def test_exchange_loses_nothing(uses, first_value, cuts):
    period = whole_period(uses)
    assert use_of(registers_of(uses, first_value, cuts), period).milli == sum(u for _, u in uses)


@given(steps, st.integers(0, WHOLE - 1), st.sets(st.integers(0, 480), max_size=6))
def test_parts_of_a_period_add_up(uses, first_value, offsets):
    registers = registers_of(uses, first_value)
    period = whole_period(uses)
    parts = period.split(START + timedelta(days=offset) for offset in offsets)
    used = [use_of(registers, part) for part in parts]
    assert sum(use.milli for use in used) == use_of(registers, period).milli
    assert all(use.milli >= 0 for use in used)


@given(steps, st.integers(1, 30), st.integers(1, 30))
def test_days_without_reads_are_missing_not_invented(uses, before, after):
    known = whole_period(uses)
    wider = Interval(known.start - timedelta(days=before), known.end + timedelta(days=after))
    use = use_of(registers_of(uses, 0), wider)
    assert use.missing_days == before + after
    assert use.milli == sum(milli for _, milli in uses)


@given(steps)
def test_leaving_reads_out_keeps_the_sum(uses):
    register = registers_of(uses, 0)[0]
    sparse = Register([register.reads[0], register.reads[-1]], DIGITS, 1000)
    total = use_of([sparse], whole_period(uses))
    if difference(sparse.reads[0].milli, sparse.reads[-1].milli, DIGITS) is None:
        assert total.missing_days == days(whole_period(uses))
    elif list(accumulate(milli for _, milli in uses))[-1] < WHOLE:
        assert total.milli == sum(milli for _, milli in uses)


@given(st.integers(0, WHOLE - 1), st.integers(1, WHOLE // 2))
def test_a_fall_is_never_taken_for_use(previous, fall):
    current = previous - fall
    if current >= 0:
        assert difference(previous, current, DIGITS) in (None, WHOLE - fall)
        if (WHOLE - fall) * 10 > WHOLE:
            assert difference(previous, current, DIGITS) is None
