"""Bills under a calendar of seasons and holidays, every fen worked out by hand."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.test import override_settings

from metercash.contexts.metering import api as metering
from metercash.kernel.interval import Interval
from tests.integration.metering.conftest import wide
from tests.support import homes
from tests.unit.rating.grids import GRIDS


@pytest.fixture(autouse=True)
def readings_folder(tmp_path: Path) -> Iterator[None]:
    """A reading store of the test's own."""
    with override_settings(METERCASH_READINGS=str(tmp_path)):
        yield


def measured(period: Interval[date], now: datetime) -> homes.Home:
    """A home that used a quarter of a kWh in each quarter-hour."""
    homes.publish(now, GRIDS["浙江"])
    home = homes.home(1, "POWER", "grid", now, unit="kWh")
    days = [period.start + timedelta(days=n) for n in range((period.end - period.start).days)]
    values = {(home.meter, day): np.full(96, 0.25) for day in days}
    metering.import_intervals(content=wide(values), filename="a.parquet", now=now)
    return home


class TestHolidays:
    def test_have_zones_of_their_own(self, tenant: int, now: datetime) -> None:
        february = Interval(date(2026, 2, 1), date(2026, 3, 1))
        bill = measured(february, now).billed(february, now)
        # Spring Festival 9 days: deep 4 h, peak 5, flat 7, valley 8; the other 19: peak 7, flat 7,
        # valley 10. Deep 36, peak 45 + 133, flat 63 + 133, valley 72 + 190; all at 0.5.
        assert homes.amounts(bill) == {
            "energy.deep": 1_800, "energy.peak": 8_900, "energy.flat": 9_800,
            "energy.valley": 13_100,
        }  # fmt: skip

    def test_of_a_year_that_is_not_listed_hold_the_bill(self, tenant: int, now: datetime) -> None:
        december = Interval(date(2025, 12, 1), date(2026, 1, 1))
        summary = measured(december, now).run(december, now)
        assert (summary.status, summary.counts.posted, summary.counts.excepted) == ("DONE", 0, 1)
