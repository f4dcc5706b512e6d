"""A small heating estate with a price in force."""

from datetime import date, datetime, timedelta

import pytest

from metercash.contexts.customers import api as customers
from metercash.contexts.tariffs import api as tariffs
from metercash.kernel.interval import Interval
from tests.support import billing as support
from tests.support import customers as people


PERIOD = Interval(date(2025, 10, 20), date(2026, 4, 20))
HOMES = 12


@pytest.fixture
def estate(tenant: int, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Twelve homes billed by area; their account ids."""
    monkeypatch.setattr(tariffs, "plan_in_force", support.plan_in_force)
    monkeypatch.setattr(tariffs, "texts_by_hash", support.texts_by_hash)
    content = people.as_csv(people.row(number) for number in range(1, HOMES + 1))
    report = customers.import_file(
        content=content, filename="homes.csv", dry_run=False, now=now - timedelta(days=90)
    )
    assert report.created == HOMES
    return customers.account_ids(commodity="HEAT", period=PERIOD)
