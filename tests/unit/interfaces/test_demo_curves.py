"""The demo's curves are real, complete and always the same."""

from datetime import date

import pytest

from metercash.interfaces.cli.demo_data import curves


class TestElectricityDays:
    @pytest.mark.parametrize("home", range(curves.ELECTRICITY_CURVES))
    def test_covers_every_day(self, home):
        year = curves.electricity_days(home, date(2024, 1, 1), 366)
        assert year.shape == (366, 96)
        assert year.min() >= 0
        assert year.sum() > 0
        one = curves.electricity_days(home, date(2024, 3, 1), 1)
        assert (one[0] == year[60]).all()
        assert (curves.electricity_days(home, date(2026, 3, 1), 1) == one).all()

    def test_scales_other_homes_of_the_same_curve(self):
        first = curves.electricity_days(0, date(2026, 1, 1), 30)
        other = curves.electricity_days(curves.ELECTRICITY_CURVES, date(2026, 1, 1), 30)
        assert (first != other).any()


class TestHeatDays:
    def test_needs_more_in_winter(self):
        for variant in range(curves.HEAT_CURVES):
            winter = curves.heat_days(variant, date(2026, 1, 1), 30).sum()
            assert winter > 3 * curves.heat_days(variant, date(2026, 7, 1), 30).sum()

    def test_scale_is_a_percentage(self):
        single = curves.heat_days(0, date(2026, 1, 1), 5, scale=100)
        assert (curves.heat_days(0, date(2026, 1, 1), 5, scale=200) == 2 * single).mean() > 0.2
        assert curves.heat_days(0, date(2026, 1, 1), 5, scale=200).sum() == 2 * single.sum()
        assert curves.outdoor_tenth_celsius(0, date(2026, 1, 1), 5).shape == (5,)
