"""What earlier bills leave over for later ones, every fen worked out by hand."""

from datetime import date, datetime

from metercash.contexts.billing import api as billing
from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import PartyInput
from metercash.contexts.metering import api as metering
from metercash.kernel.interval import Interval
from metercash.proof.bill import verify
from tests.support import homes


JIANGSU = "jiangsu-power-residential"
JANUARY = Interval(date(2026, 1, 1), date(2026, 2, 1))
FEBRUARY = Interval(date(2026, 2, 1), date(2026, 3, 1))


def poor(now: datetime) -> homes.Home:
    """A home with fifteen free kWh a month that used 5 in January and 40 in February."""
    homes.publish(now, homes.text_of("jiangsu", JIANGSU))
    home = homes.home(1, "POWER", JIANGSU, now, unit="kWh", 用户类别="低保")
    for on, register in ((JANUARY.start, 0), (JANUARY.end, 5_000), (FEBRUARY.end, 45_000)):
        home.read(on, register, now)
    return home


def billed_nothing(home: homes.Home, now: datetime) -> None:
    """Bill January; that all was free is no reason to wait."""
    bill = home.billed(JANUARY, now)
    assert homes.amounts(bill) == {"energy.base": 0}


class TestFreeUnits:
    def test_are_brought_to_the_next_month(self, tenant: int, now: datetime) -> None:
        home = poor(now)
        billed_nothing(home, now)
        # 10 of January and 15 of February: 40 − 25 = 15 × 0.5283 = 7.9245 → 7.92.
        bill = home.billed(FEBRUARY, now)
        assert homes.amounts(bill) == {"energy.base": 792}
        assert bill.bill_id is not None
        assert verify(billing.proof(bill_id=bill.bill_id)) == []

    def test_are_not_those_of_the_owner_before(self, tenant: int, now: datetime) -> None:
        home = poor(now)
        billed_nothing(home, now)
        customers.change_owner(
            account_id=home.account_id, party=PartyInput("新房主"), on=FEBRUARY.start
        )
        # 40 − 15 = 25 × 0.5283 = 13.2075 → 13.21.
        assert homes.amounts(home.billed(FEBRUARY, now)) == {"energy.base": 1_321}


class TestPriceWithinAReading:
    CHANGE = """\
code: change
name_zh: 调价
name_en: Change
citation: 测试
source: 测试
locality: test
commodity: POWER
confidence: D
effective_from: 2020-01-01
components:
  - {kind: price_change, changes_on: 2026-01-11, old: 0.5, new: [0.6]}
"""

    def used(self, now: datetime) -> homes.Home:
        homes.publish(now, self.CHANGE)
        home = homes.home(1, "POWER", "change", now, unit="kWh")
        home.read(JANUARY.start, 0, now)
        home.read(JANUARY.end, 310_000, now)
        return home

    def test_is_parted_by_days(self, tenant: int, now: datetime) -> None:
        # Ten of 31 days: 100 × 0.5, 210 × 0.6.
        bill = self.used(now).billed(JANUARY, now)
        assert homes.amounts(bill) == {"energy.old": 5_000, "energy.new": 12_600}

    def test_is_parted_by_the_reading_of_the_day(self, tenant: int, now: datetime) -> None:
        home = self.used(now)
        metering.record_register_read(
            device_no=home.meter, read_on=date(2026, 1, 11), value_milli=200_000, now=now
        )
        # 200 × 0.5, 110 × 0.6.
        bill = home.billed(JANUARY, now)
        assert homes.amounts(bill) == {"energy.old": 10_000, "energy.new": 6_600}
        assert bill.bill_id is not None
        assert verify(billing.proof(bill_id=bill.bill_id)) == []
