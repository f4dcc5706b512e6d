"""Every kind of component from facts in the database: the preview is the bill, and the proof holds."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from django.test import override_settings

from metercash.contexts.billing import api as billing
from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts.facts import (
    AccountFact,
    ContractTerms,
    Evidence,
    PartOfArea,
    TransformerEntry,
)
from metercash.contexts.metering import api as metering
from metercash.contexts.metering.contracts import RegisterKind
from metercash.kernel.interval import Interval
from metercash.proof.bill import verify
from tests.grid.axes import COMMERCIAL_ONLY, HEAT, KINDS
from tests.grid.documents import OLD, OWN, document
from tests.integration.metering.conftest import wide
from tests.support import homes


SEASON = Interval(date(2025, 11, 15), date(2026, 3, 16))
NOVEMBER = Interval(date(2025, 11, 1), date(2025, 12, 1))
YEAR = Interval(homes.SINCE, date(2026, 1, 1))
CONTRACT = ContractTerms(
    homes.SINCE, contract_demand_milli=600_000, capacity_milli=1_000_000, power_factor_milli=830
)
FACTS: dict[str, AccountFact] = {
    "area_parts": PartOfArea("BALCONY", 5_500, homes.SINCE, height_mm=2300),
    "discount": Evidence("EARLY_PAYMENT", homes.SINCE),
    "subsidy": Evidence("LOW_INCOME", homes.SINCE),
    "free_units_refund": Evidence("LOW_INCOME", homes.SINCE),
    "demand": CONTRACT,
    "power_factor": CONTRACT,
    "capacity": TransformerEntry("1", 630_000, homes.SINCE),
}
Prepare = Callable[[homes.Home, datetime], None]


@pytest.fixture(autouse=True)
def readings_folder(tmp_path: Path) -> Iterator[None]:
    """A reading store of the test's own."""
    with override_settings(METERCASH_READINGS=str(tmp_path)):
        yield


def stopped(home: homes.Home, now: datetime) -> None:
    """No heat for the season."""
    customers.stop_supply(
        service_point_id=home.service_point_id, on=homes.SINCE, reason="停热", as_of=now.date()
    )


def demanded(home: homes.Home, now: datetime) -> None:
    """The demand register of November."""
    for on, kw in ((NOVEMBER.start, 0), (NOVEMBER.end, 640_000)):
        metering.record_register_read(
            device_no=home.meter, read_on=on, value_milli=kw, now=now,
            register=RegisterKind.MAX_DEMAND,
        )  # fmt: skip


def by_quarters(home: homes.Home, now: datetime) -> None:
    """A tenth of a kWh more in each quarter-hour of each day of November."""
    day = np.arange(96) / 10
    values = {(home.meter, date(2025, 11, n)): day for n in range(1, 31)}
    metering.import_intervals(content=wide(values), filename="a.parquet", now=now)


PREPARED: dict[str, Prepare] = {
    "stop_fee": stopped, "demand": demanded, "time_of_use": by_quarters,
}  # fmt: skip


def period_of(kind: str) -> Interval[date]:
    """The days that are billed."""
    return SEASON if kind in HEAT else YEAR if kind == "year_settlement" else NOVEMBER


@pytest.mark.parametrize("kind", KINDS)
def test_is_billed_as_it_was_shown(kind: str, tenant: int, now: datetime) -> None:
    text, plan = document(kind, None, OLD)
    homes.publish(now, text)
    home = homes.home(
        1, plan.commodity, plan.code, now, unit=plan.usage_unit or ("kWh" if kind == "demand" else ""),
        用户类别="非居民" if kind in COMMERCIAL_ONLY else "居民", 层高="3.7",
    )  # fmt: skip
    if kind in FACTS:
        customers.record_fact(account_id=home.account_id, fact=FACTS[kind], as_of=now.date())
    PREPARED.get(kind, lambda home, now: None)(home, now)
    period = period_of(kind)
    if plan.usage_unit is not None and kind != "time_of_use":
        home.read(period.start, 0, now)
        home.read(period.end, 1_234_567 if kind != "two_part" else 19_000_500, now)
    bill = home.billed(period, now)
    assert any(line.code.startswith(OWN[kind]) for line in bill.lines)
    assert bill.bill_id is not None
    assert verify(billing.proof(bill_id=bill.bill_id)) == []
    assert customers.get_account(account_id=home.account_id).plan_code == plan.code
