from datetime import date

import pytest

from metercash.contexts.billing.core.periods import cut_by_version, year_starts
from metercash.kernel.interval import Interval


MONTHS = Interval(date(2025, 12, 15), date(2026, 2, 15))


class TestYearStarts:
    def test_names_the_turn_inside(self) -> None:
        assert year_starts(MONTHS) == [date(2026, 1, 1)]

    def test_ignores_the_edges(self) -> None:
        assert year_starts(Interval(date(2025, 1, 1), date(2026, 1, 1))) == []


class TestCutByVersion:
    @pytest.mark.parametrize("change", [date(2025, 12, 16), date(2026, 1, 7), date(2026, 2, 14)])
    def test_cuts_on_the_day_of_the_change(self, change: date) -> None:
        parts = cut_by_version(MONTHS, lambda day: int(day >= change))
        assert parts == [
            (Interval(MONTHS.start, change), 0),
            (Interval(change, MONTHS.end), 1),
        ]

    def test_keeps_one_version_whole(self) -> None:
        assert cut_by_version(MONTHS, lambda _: 1) == [(MONTHS, 1)]
