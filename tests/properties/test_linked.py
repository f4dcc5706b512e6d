"""Laws of a linked price: within its caps, still below its threshold, old until the notice is over."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.components.linked import Linked, MoveCap, Publication
from metercash.rating.facts import RatingFacts
from tests.unit.rating.helpers import plan


START = date(2025, 1, 1)
YUAN = st.decimals("0", "0.09", places=5)
CAPS = st.builds(MoveCap, up=YUAN, down=YUAN)
VALUES = st.lists(st.decimals("100", "1500", places=1), max_size=8)


@st.composite
def prices(draw):
    return Linked(
        kind="linked", unit="kWh", price=Decimal("0.45"), index=Decimal(535),
        coefficient=draw(st.decimals("0.00001", "0.01", places=5)),
        threshold=draw(st.decimals("0", "20", places=1)),
        moves=draw(st.sampled_from(["WHOLE", "EXCESS"])),
        cap_each=draw(st.none() | CAPS), cap_total=draw(st.none() | CAPS),
        carries=draw(st.booleans()), notice_days=draw(st.integers(0, 25)),
        publications=tuple(
            Publication(published_on=START + timedelta(days=30 * n), value=value, citation="公布")
            for n, value in enumerate(draw(VALUES))
        ),
    )  # fmt: skip


@given(prices())
def test_no_price_lies_beyond_a_cap(linked):
    before = linked.price
    for one in linked.adjustments():
        if linked.cap_each:
            assert -linked.cap_each.down <= one.price - before <= linked.cap_each.up
        if linked.cap_total:
            assert -linked.cap_total.down <= one.price - linked.price <= linked.cap_total.up
        assert one.price >= 0
        before = one.price


@given(prices())
def test_nothing_moves_below_the_threshold(linked):
    moved = {one.publication.published_on for one in linked.adjustments()}
    index = linked.index
    for one in linked.publications:
        enough = abs(one.value - index) * 100 >= linked.threshold * index and one.value != index
        assert (one.published_on in moved) == enough
        index = one.value if enough else index


@given(prices())
def test_what_is_carried_is_what_the_caps_cut_off(linked):
    before = linked.price
    for one in linked.adjustments():
        rounding = before + one.wanted - one.price - one.carried
        if linked.carries:
            assert abs(rounding) <= Decimal("0.00005")
        else:
            assert one.carried == 0
        before = one.price


@given(
    st.decimals("100", "1500", places=1), st.integers(0, 40), st.integers(0, 60),
    st.integers(0, 10**7), st.sampled_from(["kWh", "GJ"]),
)  # fmt: skip
def test_before_the_notice_is_over_the_old_price_holds(value, notice, later, usage, unit):
    made = plan(
        f"kind: linked, unit: {unit}, price: 0.45, index: 535, coefficient: 0.001,"
        f" notice_days: {notice},"
        f" publications: [{{published_on: {START}, value: {value}, citation: 公布}}]"
    )
    start = START + timedelta(days=later)
    period = Interval(start, start + timedelta(days=30))
    facts = RatingFacts(period=period, usage={"total": usage}, usage_unit=unit)
    lines = engine.rate(plan=made, facts=facts).lines
    assert sum(line.quantity for line in lines) * 1000 == usage
    effective = START + timedelta(days=notice)
    if period.end <= effective:
        assert [line.kind.price for line in lines] == [Decimal("0.45")]
    if period.start >= effective and lines[0].kind.price != Decimal("0.45"):
        assert len(lines) == 1
