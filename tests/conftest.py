"""One embedded PostgreSQL for the session; every test that needs data gets a tenant of its own.

Nothing is rolled back: commits are real, so that concurrency and after-commit work are real too.
"""

import itertools
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import pytest
from hypothesis import HealthCheck, settings


# How long an example takes says how busy the machine is, not whether a law holds; and the mutation tester
# runs every test twice in one process, each time on a new instance of its class.
settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
settings.load_profile("patient")

HOME = Path(
    os.environ.get("METERCASH_TEST_HOME", Path(tempfile.gettempdir()) / "metercash-test")
).absolute()
os.environ["METERCASH_HOME"] = str(HOME)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metercash.project.settings")
django.setup()

from metercash.platform import tenancy  # noqa: E402
from tests.support import cluster  # noqa: E402


_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """A migrated database of this session; yields the owner's address."""
    with cluster.fresh_database(HOME) as owner_url:
        yield owner_url


@contextmanager
def _company(kind: str) -> Iterator[int]:
    """A company for one test; afterwards it leaves the registry, so that no worker cares for it."""
    code = f"t{next(_numbers)}-{secrets.token_hex(4)}"
    company = tenancy.Tenant.objects.create(code=code, name=f"测试公司 {code}", kind=kind)
    yield company.id
    tenancy.Tenant.objects.filter(id=company.id).delete()


@pytest.fixture
def tenant(database: str) -> Iterator[int]:
    """A fresh heating company, bound for the test; its id."""
    with _company("HEAT") as tenant_id, tenancy.bind(tenant_id):
        yield tenant_id


@pytest.fixture
def other_tenant(database: str) -> Iterator[int]:
    """A second company, not bound."""
    with _company("POWER") as tenant_id:
        yield tenant_id


@pytest.fixture
def now() -> datetime:
    """A morning in the heating season."""
    return datetime(2026, 1, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
