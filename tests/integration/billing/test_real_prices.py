"""Bills under the price documents that ship, every fen worked out by hand."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from django.test import override_settings

from metercash.contexts.billing import api as billing
from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import PartyInput
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount
from metercash.contexts.metering import api as metering
from metercash.contexts.metering.contracts import NewInstallation
from metercash.kernel.interval import Interval
from tests.integration.metering.conftest import wide
from tests.support import homes


SEASON = Interval(date(2025, 10, 20), date(2026, 4, 21))
BEIJING_WINTER = Interval(date(2025, 11, 15), date(2026, 3, 16))
JANUARY = Interval(date(2026, 1, 1), date(2026, 2, 1))
FEBRUARY = Interval(date(2026, 2, 1), date(2026, 3, 1))

HARBIN_METERED = "harbin-heat-residential-metered"
HARBIN_AREA = "harbin-heat-residential"
BEIJING_HEAT = "beijing-heat-residential-metered-network"
BEIJING_POWER = "beijing-power-residential"
SHANGHAI_TOU = "shanghai-power-residential-tou"


@pytest.fixture(autouse=True)
def readings_folder(tmp_path: Path) -> Iterator[None]:
    """A reading store of the test's own."""
    with override_settings(METERCASH_READINGS=str(tmp_path)):
        yield


def heated(locality: str, plan_code: str, unit: str, used: int, now: datetime) -> homes.Home:
    """A home whose heat meter counted ``used`` thousandths in the season."""
    homes.publish(now, homes.text_of(locality, plan_code))
    home = homes.home(1, "HEAT", plan_code, now, unit=unit)
    home.read(date(2025, 10, 20), 0, now)
    home.read(date(2026, 4, 21), used, now)
    return home


def powered(now: datetime) -> homes.Home:
    """A home under Beijing's yearly tiers."""
    homes.publish(now, homes.text_of("beijing", BEIJING_POWER))
    return homes.home(1, "POWER", BEIJING_POWER, now, unit="kWh")


class TestMeteredHeat:
    def test_stays_below_the_area_fee(self, tenant: int, now: datetime) -> None:
        home = heated("harbin", HARBIN_METERED, "GJ", 40_000, now)
        # Basic 15.33 × 90.25 = 1383.5325 → 1383.53; metered 42.55 × 40 = 1702.00; sum 3085.53.
        bill = home.billed(SEASON, now)
        assert homes.amounts(bill) == {"heat.basic": 138_353, "heat.metered": 170_200}
        assert (bill.usage_milli, bill.usage_unit, bill.estimated_milli) == (40_000, "GJ", 0)

    def test_never_costs_more_than_the_area_fee(self, tenant: int, now: datetime) -> None:
        home = heated("harbin", HARBIN_METERED, "GJ", 60_000, now)
        # 1383.53 + 42.55 × 60 = 1383.53 + 2553.00 = 3936.53; area fee 38.32 × 90.25 = 3458.38.
        bill = home.billed(SEASON, now)
        assert homes.amounts(bill)["heat.cap"] == 345_838 - 393_653
        assert bill.total_fen == 345_838

    def test_settles_both_ways_in_two_parts(self, tenant: int, now: datetime) -> None:
        homes.publish(now, homes.text_of("beijing", BEIJING_HEAT))
        home = homes.home(1, "HEAT", BEIJING_HEAT, now, unit="kWh")
        home.read(date(2025, 11, 15), 0, now)
        home.read(date(2026, 3, 16), 9_000_000, now)
        # Basic 12 × 90.25 = 1083.00; metered 0.16 × 9000 = 1440.00; above 24 × 90.25 = 2166.00.
        bill = home.billed(BEIJING_WINTER, now)
        assert homes.amounts(bill) == {"heat.basic": 108_300, "heat.metered": 144_000}


class TestTiersOverTheYear:
    def test_run_on_from_month_to_month(self, tenant: int, now: datetime) -> None:
        home = powered(now)
        home.read(JANUARY.start, 0, now)
        home.read(JANUARY.end, 2_500_000, now)
        home.read(FEBRUARY.end, 5_000_000, now)
        # January: 2500 × 0.4883 = 1220.75, below 2880.
        assert homes.amounts(home.billed(JANUARY, now)) == {"energy.base": 122_075}
        # February: 2500 more. 2880 … 4800 is 1920 × 0.05 = 96.00; 4800 … 5000 is 200 × 0.30 = 60.00.
        assert homes.amounts(home.billed(FEBRUARY, now)) == {
            "energy.base": 122_075,
            "ladder.2": 9_600,
            "ladder.3": 6_000,
        }

    def test_begin_anew_with_the_year(self, tenant: int, now: datetime) -> None:
        homes.publish(now, homes.text_of("beijing", BEIJING_POWER))
        since = {"起始日期": "2024-12-01"}
        home = homes.home(1, "POWER", BEIJING_POWER, now, unit="kWh", **since)
        middles = [date(2025, 11, 15), date(2025, 12, 15), date(2026, 1, 15), date(2026, 2, 15)]
        for on, register in zip(middles, (0, 2_000_000, 5_100_000, 6_700_000), strict=True):
            home.read(on, register, now)
        home.read(date(2026, 1, 1), 3_700_000, now)
        first, crossing, last = (
            home.billed(Interval(start, end), now) for start, end in itertools.pairwise(middles)
        )
        assert homes.amounts(first) == {"energy.base": 97_660}  # 2000 × 0.4883
        # 2025: 1700 after 2000 reach 3700; 820 above 2880. 2026: 1400 from nothing.
        # 1700 × 0.4883 = 830.11; 820 × 0.05 = 41.00; 1400 × 0.4883 = 683.62.
        lines = [(line.code, line.amount_fen) for line in crossing.lines]
        assert lines == [("energy.base", 83_011), ("ladder.2", 4_100), ("energy.base", 68_362)]
        # 1600 after the 1400 of the new year reach 3000; 120 × 0.05 = 6.00; 1600 × 0.4883 = 781.28.
        assert homes.amounts(last) == {"energy.base": 78_128, "ladder.2": 600}

    def test_are_those_of_the_months_served(self, tenant: int, now: datetime) -> None:
        home = powered(now)
        november = Interval(date(2025, 11, 1), date(2025, 12, 1))
        home.read(november.start, 0, now)
        home.read(november.end, 1_300_000, now)
        # Since 20 October, three months: bounds 2880 × 3 ÷ 12 = 720 and 4800 × 3 ÷ 12 = 1200.
        # 1300 × 0.4883 = 634.79; 480 × 0.05 = 24.00; 100 × 0.30 = 30.00.
        assert homes.amounts(home.billed(november, now)) == {
            "energy.base": 63_479, "ladder.2": 2_400, "ladder.3": 3_000,
        }  # fmt: skip

    def test_begin_anew_with_the_owner_and_not_with_the_plan(
        self, tenant: int, now: datetime
    ) -> None:
        text = homes.text_of("beijing", BEIJING_POWER)
        homes.publish(now, text.replace(f"code: {BEIJING_POWER}", "code: another"))
        home = powered(now)
        customers.change_plan(account_id=home.account_id, plan_code="another", on=FEBRUARY.start)
        customers.change_owner(
            account_id=home.account_id, party=PartyInput("新房主"), on=FEBRUARY.end
        )
        march = Interval(FEBRUARY.end, date(2026, 4, 1))
        for on, register in (
            (JANUARY.start, 0), (JANUARY.end, 400_000), (FEBRUARY.end, 800_000),
            (march.end, 1_000_000),
        ):  # fmt: skip
            home.read(on, register, now)
        # Served in January and February: 2880 × 2 ÷ 12 = 480 for both plans together.
        # 400 × 0.4883 = 195.32; then 80 below 480 and 320 above: 320 × 0.05 = 16.00.
        assert homes.amounts(home.billed(JANUARY, now)) == {"energy.base": 19_532}
        assert homes.amounts(home.billed(FEBRUARY, now)) == {
            "energy.base": 19_532, "ladder.2": 1_600,
        }  # fmt: skip
        # The new owner counts from nothing: 200 × 0.4883 = 97.66.
        assert homes.amounts(home.billed(march, now)) == {"energy.base": 9_766}

    def test_forget_what_was_reversed(self, tenant: int, now: datetime) -> None:
        home = powered(now)
        home.read(JANUARY.start, 0, now)
        home.read(JANUARY.end, 2_500_000, now)
        home.read(FEBRUARY.end, 5_000_000, now)
        wrong = home.billed(JANUARY, now)
        assert wrong.bill_id is not None
        billing.reverse_bill(bill_id=wrong.bill_id, reason="抄错", now=now, by=1)
        # With January undone February is the year's first: 2500 × 0.4883 and no tier.
        assert homes.amounts(home.billed(FEBRUARY, now)) == {"energy.base": 122_075}


class TestTimeOfUse:
    def test_puts_each_quarter_hour_into_its_zone(self, tenant: int, now: datetime) -> None:
        homes.publish(now, homes.text_of("shanghai", SHANGHAI_TOU))
        home = homes.home(1, "POWER", SHANGHAI_TOU, now, unit="kWh")
        day = np.zeros(96)
        # 05:45 valley, 06:00 and 21:45 peak, 22:00 valley: the quarter-hours beside the limits.
        day[23], day[24], day[87], day[88] = 1, 2, 3, 5
        values = {(home.meter, date(2026, 1, n)): day for n in range(1, 32)}
        metering.import_intervals(content=wide(values), filename="a.parquet", now=now)
        # Peak 31 × 5 = 155 × 0.617 = 95.635 → 95.64; valley 31 × 6 = 186 × 0.307 = 57.102 → 57.10.
        bill = home.billed(JANUARY, now)
        assert homes.amounts(bill) == {"energy.peak": 9_564, "energy.valley": 5_710}
        assert bill.determinants == {"total": 341_000, "peak": 155_000, "valley": 186_000}


class TestPriceChange:
    def test_bills_each_day_at_its_price(self, tenant: int, now: datetime) -> None:
        old = homes.text_of("beijing", BEIJING_POWER)
        since = "effective_from: 2012-07-01"
        assert since in old
        assert "base: 0.4883" in old
        homes.publish(
            now,
            old.replace(since, f"{since}\neffective_until: 2026-01-16"),
            old.replace(since, "effective_from: 2026-01-16").replace("0.4883", "0.5"),
        )
        home = homes.home(1, "POWER", BEIJING_POWER, now, unit="kWh")
        home.read(JANUARY.start, 0, now)
        home.read(JANUARY.end, 310_000, now)
        # Ten a day: 15 days 150 × 0.4883 = 73.245 → 73.25; 16 days 160 × 0.5 = 80.00.
        bill = home.billed(JANUARY, now)
        assert [line.amount_fen for line in bill.lines] == [7_325, 8_000]
        assert [line.quantity for line in bill.lines] == ["150", "160"]


class TestMeterExchange:
    def test_bills_both_meters(self, tenant: int, now: datetime) -> None:
        home = powered(now)
        home.read(JANUARY.start, 0, now)
        new = NewInstallation(
            home.service_point_id, "N1", date(2026, 1, 11), start_register_milli=7_000
        )
        metering.exchange_device(
            device_no=home.meter, on=date(2026, 1, 11), end_register_milli=120_000, new=new
        )
        home.read(JANUARY.end, 207_000, now, meter="N1")
        # 120 on the old meter, 207 − 7 = 200 on the new: 320 × 0.4883 = 156.256 → 156.26.
        bill = home.billed(JANUARY, now)
        assert (bill.usage_milli, bill.total_fen) == (320_000, 15_626)


class TestOwnerChange:
    MIDDLE = date(2026, 1, 16)

    def test_gives_each_owner_the_days_supplied(self, tenant: int, now: datetime) -> None:
        home = powered(now)
        home.read(JANUARY.start, 0, now)
        home.read(JANUARY.end, 310_000, now)
        before = customers.get_account(account_id=home.account_id).name
        customers.change_owner(
            account_id=home.account_id, party=PartyInput("新房主"), on=self.MIDDLE
        )
        shown = billing.preview(account_id=home.account_id, period=JANUARY, now=now)
        done = home.run(JANUARY, now)
        assert (done.counts.selected, done.counts.posted, done.accounts) == (2, 2, 1)
        old, new = home.bills()
        assert [homes.told(bill) for bill in (old, new)] == [homes.told(bill) for bill in shown]
        assert [(bill.name, bill.period) for bill in (old, new)] == [
            (before, Interval(JANUARY.start, self.MIDDLE)),
            ("新房主", Interval(self.MIDDLE, JANUARY.end)),
        ]
        # Ten a day: 150 × 0.4883 = 73.245 → 73.25; 160 × 0.4883 = 78.128 → 78.13.
        assert (old.total_fen, new.total_fen) == (7_325, 7_813)
        assert old.usage_milli + new.usage_milli == 310_000

    def test_charges_a_season_once(self, tenant: int, now: datetime) -> None:
        homes.publish(now, homes.text_of("harbin", HARBIN_AREA))
        home = homes.home(1, "HEAT", HARBIN_AREA, now)
        customers.change_owner(
            account_id=home.account_id, party=PartyInput("新房主"), on=date(2026, 1, 20)
        )
        home.run(SEASON, now)
        # 92 of 183 days: 3458.38 × 92 ÷ 183 = 1738.64; the rest 1719.74.
        assert [bill.total_fen for bill in home.bills()] == [173_864, 171_974]


class TestLowIncome:
    SUBSIDY = (
        "  - {kind: subsidy, per: SQUARE_METER, amount: 5, evidence: LOW_INCOME, clause: 第九条}\n"
    )

    def test_pays_less_and_the_subsidy_is_owed_by_others(self, tenant: int, now: datetime) -> None:
        homes.publish(now, homes.text_of("harbin", HARBIN_AREA).rstrip() + "\n" + self.SUBSIDY)
        poor = homes.home(1, "HEAT", HARBIN_AREA, now, 用户类别="低保")
        other = homes.home(2, "HEAT", HARBIN_AREA, now)
        # 38.32 × 90.25 = 3458.38; subsidy 5 × 90.25 = 451.25.
        assert homes.amounts(poor.billed(SEASON, now)) == {"heat.area": 345_838, "subsidy": -45_125}
        assert homes.amounts(other.billed(SEASON, now)) == {"heat.area": 345_838}
        balance = ledger.trial_balance()
        assert balance[ChartAccount.RECEIVABLE] == 2 * 345_838 - 45_125
        assert balance[ChartAccount.SUBSIDY_RECEIVABLE] == 45_125
        assert balance[ChartAccount.REVENUE_HEAT] == -2 * 345_838
        assert ledger.verify().ok
