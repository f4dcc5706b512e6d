"""The season run of homes billed by area, end to end to durable explained bills and journals."""

import json
import resource
from datetime import date
from pathlib import Path
from time import perf_counter

from bench import stage


WORKERS = 2
PRICE = "harbin/residential-area.yaml"


def run() -> dict[str, object]:
    """Import the homes, load the price, run, and say where the time went."""
    with stage.tenant("HEAT"):
        from metercash import localities
        from metercash.contexts.billing import api as billing
        from metercash.contexts.customers import api as customers
        from metercash.contexts.ledger import api as ledger
        from metercash.contexts.tariffs import api as tariffs
        from metercash.kernel.interval import Interval
        from tests.support import customers as people

        text = (Path(localities.__path__[0]) / PRICE).read_text(encoding="utf-8")
        price = tariffs.adopt(texts=[text], author_id=1, approver_id=2, now=stage.NOW)[0]
        rows = (people.row(n, 价格方案=price.code) for n in range(1, stage.ACCOUNTS + 1))
        content = people.as_csv(rows)
        report = customers.import_file(
            content=content, filename="homes.csv", dry_run=False, now=stage.NOW
        )
        assert report.created == stage.ACCOUNTS, report.errors[:3]
        began = perf_counter()
        made = billing.create_run(
            period=Interval(date(2025, 10, 20), date(2026, 4, 20)),
            commodity="HEAT",
            due_date=date(2026, 2, 28),
            now=stage.NOW,
        )
        created = perf_counter()
        done = billing.execute_run(run_id=made.run_id, now=stage.NOW, workers=WORKERS)
        ended = perf_counter()
        assert done.counts.posted == stage.ACCOUNTS, done
        assert ledger.verify().ok
        here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        return {
            "accounts": stage.ACCOUNTS,
            "workers": WORKERS,
            "seconds": round(ended - began, 2),
            "seconds_selecting": round(created - began, 2),
            "gather_ms_all_workers": done.spent.gather_ms,
            "rate_ms_all_workers": done.spent.rate_ms,
            "write_ms_all_workers": done.spent.write_ms,
            "peak_mib_parent_and_largest_child": (here + children) // 1024,
        }


if __name__ == "__main__":
    print(json.dumps(run()))
