"""Shares of management reports: exact until printed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.contexts.analytics.core import Rate, Recovery


class TestRate:
    def test_of_wrong_reads(self):
        assert Rate(2, 1_000).percent(1) == Decimal("0.2")

    @pytest.mark.parametrize(
        ("received", "reaches"), [(955_200, True), (955_199, False), (960_000, True)]
    )
    def test_is_compared_before_it_is_rounded(self, received, reaches):
        rate = Rate(received, 960_000)
        assert rate.reaches(Decimal("99.5")) is reaches
        assert rate.percent(1) >= Decimal("99.5")

    def test_rounds_halves_up_for_print(self):
        assert Rate(1, 800).percent(2) == Decimal("0.13")

    @pytest.mark.parametrize(("part", "whole"), [(0, 0), (1, -1), (-1, 1)])
    def test_of_nothing_is_refused(self, part, whole):
        with pytest.raises(ValueError, match="no share"):
            Rate(part, whole)

    @given(st.integers(0, 10**12), st.integers(1, 10**12))
    def test_reaches_itself(self, part, whole):
        rate = Rate(part, whole)
        assert rate.reaches(Decimal(0))
        assert rate.reaches(Decimal(100)) is (part >= whole)


def test_recovery_is_told_for_all_years_together_and_apart():
    recovery = Recovery(Rate(853, 1_000), Rate(272, 400))
    assert recovery.current_year.percent(1) == Decimal("85.3")
    assert recovery.prior_years.percent(1) == Decimal("68.0")
    assert recovery.cumulative == Rate(1_125, 1_400)
