"""The season run of homes billed by area, end to end to durable explained bills and journals."""

from datetime import date
from time import perf_counter

from bench import stage


def run() -> dict[str, object]:
    """Import the homes, load the price, run, and say where the time went."""
    from metercash.contexts.billing import api as billing
    from metercash.contexts.ledger import api as ledger
    from metercash.kernel.interval import Interval

    stage.homes(stage.price("harbin/residential-area.yaml"))
    began = perf_counter()
    made = billing.create_run(
        period=Interval(date(2025, 10, 20), date(2026, 4, 20)),
        commodity="HEAT",
        due_date=date(2026, 4, 30),
        now=stage.NOW,
    )
    created = perf_counter()
    done = billing.execute_run(run_id=made.run_id, now=stage.NOW, workers=stage.WORKERS)
    ended = perf_counter()
    assert done.counts.posted == stage.ACCOUNTS, done
    assert ledger.verify().ok
    return {
        "accounts": stage.ACCOUNTS,
        "workers": stage.WORKERS,
        "seconds": round(ended - began, 2),
        "seconds_selecting": round(created - began, 2),
        "gather_ms_all_workers": done.spent.gather_ms,
        "rate_ms_all_workers": done.spent.rate_ms,
        "write_ms_all_workers": done.spent.write_ms,
        "peak_mib_parent_and_largest_child": stage.peak_mib(),
    }


if __name__ == "__main__":
    with stage.tenant("HEAT"):
        stage.report(run())
