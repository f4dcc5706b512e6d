"""Power whose document changes between two readings: usage is cut by days, and none is lost."""

from datetime import date, datetime, timedelta

import pytest

from metercash.contexts.metering import api as metering
from metercash.kernel.interval import Interval
from tests.integration.billing.test_settling import DOCUMENT
from tests.support import homes


JANUARY = Interval(date(2026, 1, 1), date(2026, 2, 1))
REGISTER = 310_007
"""310.007 kWh in 31 days: no day has a whole number of thousandths."""


def metered(now: datetime) -> homes.Home:
    old, new = (
        DOCUMENT.format(code="power", rule=f"kind: metered, unit: kWh, price: {price}")
        for price in ("0.5", "0.6")
    )
    old = old.replace("components:", "effective_until: 2026-01-11\ncomponents:")
    new = new.replace("effective_from: 2020-01-01", "effective_from: 2026-01-11")
    homes.publish(now, old, new)
    home = homes.home(1, "POWER", "power", now, unit="kWh")
    home.read(JANUARY.start, 0, now)
    home.read(JANUARY.end, REGISTER, now)
    return home


@pytest.mark.parametrize(
    ("frozen", "lines"),
    [
        # 310.007 × 10 ÷ 31 = 100.002…: 100.002 × 0.5 = 50.001 and 210.005 × 0.6 = 126.003.
        (None, [5_000, 12_600]),
        # Read on the day of the change: 200 × 0.5 and 110.007 × 0.6 = 66.0042.
        (200_000, [10_000, 6_600]),
    ],
)
def test_usage_is_cut_by_days_or_by_the_reading_of_the_day(
    tenant: int, now: datetime, frozen: int | None, lines: list[int]
) -> None:
    home = metered(now)
    if frozen is not None:
        home.read(date(2026, 1, 11), frozen, now)
    bill = home.billed(JANUARY, now)
    assert [line.amount_fen for line in bill.lines] == lines
    assert bill.usage_milli == REGISTER


def test_the_parts_of_every_cut_sum_to_the_register(tenant: int, now: datetime) -> None:
    home = metered(now)
    for offset in range(1, 31):
        used = [
            metering.determinants(
                service_point_ids=[home.service_point_id], period=part, time_of_use=None, now=now
            )[home.service_point_id].milli["total"]
            for part in JANUARY.split([JANUARY.start + timedelta(days=offset)])
        ]
        assert sum(used) == REGISTER
        assert abs(used[0] * 31 - REGISTER * offset) < 31
