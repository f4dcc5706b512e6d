"""Which bills of a batch are made again."""

from dataclasses import dataclass
from datetime import date

import pytest

from metercash.contexts.billing.core import proving
from metercash.kernel.interval import Interval


@dataclass(frozen=True)
class Facts:
    account_id: int


@dataclass(frozen=True)
class Draft:
    """The part of a draft that decides."""

    facts: Facts
    period: Interval[date]


SEASON = Interval(date(2025, 10, 20), date(2026, 4, 20))


def drafts(count):
    return [Draft(Facts(number), SEASON) for number in range(count)]


class TestSample:
    @pytest.mark.parametrize(
        ("count", "chosen"),
        [(0, 0), (3, 3), (20, 20), (21, 20), (2000, 20), (2001, 21), (4096, 41)],
    )
    def test_is_twenty_or_all_and_one_in_a_hundred(self, count, chosen):
        found = proving.sample(drafts(count), run_id=7)
        assert len(set(found)) == len(found) == chosen

    def test_is_the_same_again_in_whatever_order_drafts_come(self):
        first = proving.sample(drafts(500), run_id=7)
        assert proving.sample(drafts(500)[::-1], run_id=7) == first

    def test_is_another_for_another_run(self):
        assert proving.sample(drafts(500), run_id=7) != proving.sample(drafts(500), run_id=8)
