"""A month of 15-minute readings of every account, priced by time of use and tier: sums, bills, journals."""

from datetime import date
from time import perf_counter

import numpy as np

from bench import readings, stage


FIRST, DAYS = date(2026, 1, 1), 30


def run() -> dict[str, object]:
    """Import homes, meters and readings, load the price, run, and say where the time went."""
    from metercash.contexts.billing import api as billing
    from metercash.contexts.customers import api as customers
    from metercash.contexts.ledger import api as ledger
    from metercash.contexts.metering import api as metering
    from metercash.contexts.metering.contracts import NewInstallation
    from metercash.kernel.interval import Interval

    period = Interval(FIRST, date(2026, 1, 31))
    plan = stage.price("shanghai/electricity-time-of-use.yaml")
    stage.homes(plan, 用能类型="供电")
    facts = customers.billing_facts(account_ids=customers.account_ids(), period=period)
    points = [fact.service_point_id for fact in facts]
    metering.install_devices(
        installations=[
            NewInstallation(
                service_point_id=point, device_no=f"E{point}", installed_on=FIRST, unit="kWh"
            )
            for point in points
        ]
    )
    _, write_s = readings.write(np.array(sorted(points)), FIRST, DAYS)
    began = perf_counter()
    made = billing.create_run(
        period=period, commodity="POWER", due_date=date(2026, 3, 31), now=stage.NOW
    )
    done = billing.execute_run(run_id=made.run_id, now=stage.NOW, workers=stage.WORKERS)
    ended = perf_counter()
    assert done.counts.posted + done.counts.excepted == stage.ACCOUNTS, done
    assert ledger.verify().ok
    return {
        "accounts": stage.ACCOUNTS,
        "readings": stage.ACCOUNTS * DAYS * 96,
        "workers": stage.WORKERS,
        "readings_write_s": round(write_s, 1),
        "seconds": round(ended - began, 2),
        "posted": done.counts.posted,
        "waiting_for_a_person": done.counts.excepted,
        "gather_ms_all_workers": done.spent.gather_ms,
        "aggregate_ms_all_workers": done.spent.aggregate_ms,
        "rate_ms_all_workers": done.spent.rate_ms,
        "write_ms_all_workers": done.spent.write_ms,
        "peak_mib_parent_and_largest_child": stage.peak_mib(),
    }


if __name__ == "__main__":
    with stage.tenant("POWER"):
        stage.report(run())
