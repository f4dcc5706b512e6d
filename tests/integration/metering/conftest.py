"""Homes with meters, and files of interval values."""

import io
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from django.test import override_settings

from metercash.contexts.customers import api as customers
from metercash.contexts.metering import api
from metercash.contexts.metering.contracts import NewInstallation
from tests.support.customers import as_csv, row


FIRST = date(2026, 1, 1)
HOMES = 3


@pytest.fixture(autouse=True)
def readings_folder(tmp_path) -> Iterator[None]:
    with override_settings(METERCASH_READINGS=str(tmp_path)):
        yield


@pytest.fixture
def points(tenant, now) -> list[int]:
    """Service points with meters E0, E1, …"""
    content = as_csv([row(n) for n in range(HOMES)])
    report = customers.import_file(content=content, filename="a.csv", dry_run=False, now=now)
    assert report.created == HOMES
    accounts = [customers.get_account_by_no(account_no=f"1{n:07d}") for n in range(HOMES)]
    found = [account.service_point_id for account in accounts]
    api.install_devices(
        installations=[
            NewInstallation(point, f"E{n}", date(2025, 1, 1)) for n, point in enumerate(found)
        ]
    )
    return found


def wide(values: dict[tuple[str, date], np.ndarray], ending: str = "parquet") -> bytes:
    """A wide file of kWh; one row a meter and day."""
    width = len(next(iter(values.values())))
    frame = pl.DataFrame(
        {
            "表号": [meter for meter, _ in values],
            "日期": [day for _, day in values],
            **{f"v{i:02d}": [array[i] for array in values.values()] for i in range(width)},
        },
        schema_overrides={f"v{i:02d}": pl.Float64 for i in range(width)},
    )
    out = io.BytesIO()
    if ending == "parquet":
        frame.write_parquet(out)
    else:
        frame.write_csv(out)
    return out.getvalue()


def month(meters: int = HOMES, days: int = 31) -> dict[tuple[str, date], np.ndarray]:
    """``days`` days of distinct whole watt-hours, in kWh."""
    draw = np.random.default_rng(7)
    return {
        (f"E{meter}", FIRST + timedelta(days=day)): draw.integers(10, 900, 96) / 1000
        for meter in range(meters)
        for day in range(days)
    }
