"""A fresh database with a tenant bound, as the measurements need it."""

import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo


NOW = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ACCOUNTS = int(os.environ.get("METERCASH_BENCH_ACCOUNTS", "100000"))
BILLS = int(os.environ.get("METERCASH_BENCH_BILLS", "1000000"))
WORKERS = int(os.environ.get("METERCASH_BENCH_WORKERS", "2"))


@contextmanager
def tenant(kind: str) -> Iterator[int]:
    """Bind a new tenant in a new database on the embedded server; readings go to a new folder."""
    home = Path(
        os.environ.get("METERCASH_BENCH_HOME", Path(tempfile.gettempdir()) / "metercash-bench")
    ).absolute()
    os.environ["METERCASH_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metercash.project.settings")
    with tempfile.TemporaryDirectory(prefix="readings-", dir=_made(home)) as readings:
        os.environ["METERCASH_READINGS"] = readings
        import django

        django.setup()
        from metercash.platform import tenancy
        from tests.support import cluster

        with cluster.fresh_database(home):
            row = tenancy.Tenant.objects.create(code="bench", name="测量公司", kind=kind)
            with tenancy.bind(row.id):
                yield row.id


def price(file: str) -> str:
    """Publish a shipped price document; its code."""
    from metercash import localities
    from metercash.contexts.tariffs import api as tariffs

    text = (Path(localities.__path__[0]) / file).read_text(encoding="utf-8")
    return tariffs.adopt(texts=[text], author_id=1, approver_id=2, now=NOW)[0].code


def homes(plan_code: str, **columns: object) -> None:
    """Import ``ACCOUNTS`` homes priced by the plan, of 9,000 sizes so that no two neighbors are alike."""
    from metercash.contexts.customers import api as customers
    from tests.support import customers as people

    rows = (
        people.row(n, 价格方案=plan_code, **{"收费面积": _area(n), **columns})
        for n in range(1, ACCOUNTS + 1)
    )
    report = customers.import_file(
        content=people.as_csv(rows), filename="homes.csv", dry_run=False, now=NOW
    )
    assert report.created == ACCOUNTS, report.errors[:3]


def _area(number: int) -> str:
    """Square meters between 40 and 130."""
    return f"{(4_000 + number * 4_649 % 9_000) / 100:.2f}"


def timed(work: Callable[[], object]) -> float:
    """Milliseconds the work took."""
    began = perf_counter()
    work()
    return 1000 * (perf_counter() - began)


def peak_mib() -> int:
    """Most memory this process and its largest child ever held, summed."""
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (here + children) // 1024


def report(figures: dict[str, object]) -> None:
    """Hand the figures to whoever started the measurement."""
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")


def _made(home: Path) -> Path:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home
