"""API reads at a steady pace, first alone, then while a bill run goes on."""

import multiprocessing
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import httpx

from bench import stage


PER_SECOND = 50
ALONE_SECONDS = 10
LIMIT_MS = 60
BILLED_BEFORE = 20_000


def run(tenant_id: int) -> dict[str, object]:
    """Serve a company, bill part of it, then read its API while the rest is billed."""
    from metercash.contexts.billing import api as billing
    from metercash.contexts.customers import api as customers
    from metercash.interfaces.cli.serve import server_command
    from metercash.kernel.interval import Interval
    from metercash.platform.access import api as access

    stage.homes(stage.price("harbin/residential-area.yaml"))
    season = Interval(date(2025, 10, 20), date(2026, 4, 20))
    ids = customers.account_ids()
    runs = [
        billing.create_run(
            period=season, commodity="HEAT", account_ids=part, due_date=season.end, now=stage.NOW
        ).run_id
        for part in (ids[: min(BILLED_BEFORE, len(ids) // 5)], ids[len(ids) // 5 :])
    ]
    billing.execute_run(run_id=runs[0], now=stage.NOW, workers=stage.WORKERS)
    bills = billing.list_bills(run_id=runs[0], per_page=200).items
    paths = ["/bills?limit=50", "/bills?status=UNPAID&limit=50", "/accounts?limit=50"]
    for bill in bills:
        paths += [f"/bills/{bill.bill_id}", f"/accounts/{bill.account_no}"]
        paths += [f"/accounts/{bill.account_no}/owed"]
    scopes = {"billing:read", "customers:read"}
    token = access.issue_api_token(name="bench", scopes=scopes, expires_at=None)
    port = 8790
    serving = subprocess.Popen(
        server_command(host="127.0.0.1", port=port, processes=2),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
        ) as client:
            _wait_until_ready(client, port)
            _paced(client, paths, lambda spent: spent < 3)
            alone = _paced(client, paths, lambda spent: spent < ALONE_SECONDS)
            context = multiprocessing.get_context("spawn")
            runner = context.Process(target=_execute, args=(tenant_id, runs[1]))
            runner.start()
            during = _paced(client, paths, lambda _: runner.is_alive())
            runner.join()
    finally:
        serving.terminate()
        serving.wait()
    return {
        "requests_per_second": PER_SECOND,
        "bill_run_accounts": len(ids) - len(ids) // 5,
        **_described("alone", alone),
        **_described("during_run", during),
    }


def _execute(tenant_id: int, run_id: int) -> None:
    import django

    django.setup()
    from metercash.contexts.billing import api as billing
    from metercash.platform import tenancy

    with tenancy.bind(tenant_id):
        billing.execute_run(run_id=run_id, now=stage.NOW)


def _wait_until_ready(client: httpx.Client, port: int) -> None:
    for _ in range(120):
        try:
            if client.get(f"http://127.0.0.1:{port}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    sys.exit("the server did not become ready")


def _paced(client: httpx.Client, paths: list[str], going: Callable[[float], bool]) -> list[float]:
    """Milliseconds from when each request was due until its answer was read: waiting counts."""
    draw = random.Random(1)
    times: list[float] = []

    def ask(path: str, due: float) -> None:
        client.get(path).raise_for_status()
        times.append(1000 * (time.perf_counter() - due))

    began = time.perf_counter()
    with ThreadPoolExecutor(max_workers=32) as pool:
        asked, number = [], 0
        while going(time.perf_counter() - began):
            due = began + number / PER_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            asked.append(pool.submit(ask, draw.choice(paths), due))
            number += 1
    for future in asked:
        future.result()
    return times


def _described(name: str, times: list[float]) -> dict[str, object]:
    cuts = statistics.quantiles(times, n=100)
    return {
        f"{name}_requests": len(times),
        f"{name}_p50_ms": round(cuts[49], 1),
        f"{name}_p95_ms": round(cuts[94], 1),
        f"{name}_p99_ms": round(cuts[98], 1),
        f"{name}_within_{LIMIT_MS}_ms_percent": round(
            100 * sum(one <= LIMIT_MS for one in times) / len(times), 1
        ),
    }


if __name__ == "__main__":
    with stage.tenant("HEAT") as bound:
        stage.report(run(bound))
