"""A fresh database with a tenant bound, as the measurements need it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo


NOW = datetime(2026, 1, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ACCOUNTS = int(os.environ.get("METERCASH_BENCH_ACCOUNTS", "100000"))
BILLS = int(os.environ.get("METERCASH_BENCH_BILLS", "1000000"))


@contextmanager
def tenant(kind: str) -> Iterator[int]:
    """Bind a new tenant in a new database on the embedded server."""
    home = Path(
        os.environ.get("METERCASH_BENCH_HOME", Path(tempfile.gettempdir()) / "metercash-bench")
    ).absolute()
    os.environ["METERCASH_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metercash.project.settings")
    import django

    django.setup()
    from metercash.platform import tenancy
    from tests.support import cluster

    with cluster.fresh_database(home):
        row = tenancy.Tenant.objects.create(code="bench", name="测量公司", kind=kind)
        with tenancy.bind(row.id):
            yield row.id
