"""A fee paid in parts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.errors import InvalidInput
from metercash.kernel.money import Money
from metercash.rating import document
from metercash.rating.errors import PlanDocumentInvalid
from metercash.rating.terms.instalments import schedule
from tests.unit.rating.helpers import HEAD


AREA = "  - {kind: area, price: 1}\n"


def terms(text):
    return document.parse(HEAD + AREA + f"instalments: {{{text}}}\n").instalments


HALVES = terms("first_percent_min: 50, due: [10-20, 12-31]")
THIRDS = terms("first_percent_min: 33.3333, due: [10-20, 12-31, 02-28]")


class TestSchedule:
    def test_gives_the_odd_fen_to_the_first_part(self):
        parts = schedule(terms=HALVES, fee=Money(306_561), first_year=2025)
        assert [(part.number, part.amount.fen, part.due_date) for part in parts] == [
            (1, 153_281, date(2025, 10, 20)),
            (2, 153_280, date(2025, 12, 31)),
        ]

    def test_goes_over_into_the_next_year(self):
        parts = schedule(terms=THIRDS, fee=Money(10_001), first_year=2025)
        assert [part.amount.fen for part in parts] == [3_334, 3_334, 3_333]
        assert parts[2].due_date == date(2026, 2, 28)

    def test_takes_more_at_first(self):
        parts = schedule(terms=HALVES, fee=Money(1_000), first_year=2025, first=Money(700))
        assert [part.amount.fen for part in parts] == [700, 300]

    @pytest.mark.parametrize("first", [499, 1_001])
    def test_refuses_a_first_part_out_of_range(self, first):
        with pytest.raises(InvalidInput) as caught:
            schedule(terms=HALVES, fee=Money(1_000), first_year=2025, first=Money(first))
        assert "应为 5.00 到 10.00 元" in caught.value.chinese

    def test_refuses_to_divide_nothing(self):
        with pytest.raises(InvalidInput):
            schedule(terms=HALVES, fee=Money(0), first_year=2025)

    @given(st.integers(1, 10**9), st.sampled_from([HALVES, THIRDS]))
    def test_sums_to_the_fee_and_keeps_the_share(self, fen, given_terms):
        parts = schedule(terms=given_terms, fee=Money(fen), first_year=2025)
        assert Money.sum(part.amount for part in parts) == Money(fen)
        assert parts[0].amount.fen * 100 >= fen * given_terms.first_percent_min
        assert min(part.amount for part in parts) >= Money(0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("first_percent_min: 50, due: [10-20]", "至少要有 2 项"),
        ("first_percent_min: 0, due: [10-20, 12-31]", "应大于 0"),
        ("first_percent_min: 50, due: [10-20, 13-31]", "月-日"),
        ("first_percent_min: 50, due: [10-20, 02-29]", "2 月 29 日"),
    ],
)
def test_a_wrong_section_is_refused(text, reason):
    with pytest.raises(PlanDocumentInvalid) as caught:
        terms(text)
    assert reason in str(caught.value)
