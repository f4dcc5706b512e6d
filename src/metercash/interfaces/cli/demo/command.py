"""The ``demo`` command: builds the demo once, then serves it."""

import json as json_text
import multiprocessing
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import httpx
import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.demo import servers
from metercash.interfaces.cli.output import console, errors, primitive
from metercash.kernel.errors import MetercashError


if TYPE_CHECKING:
    from metercash.interfaces.cli.demo.report import CompanyReport


# Code of each company, what it sells, and the function that works it through its season.
WORK = {"beiling": ("供热", "work_heating"), "jiangdong": ("供电", "work_power")}


class DemoIncomplete(MetercashError):
    """An earlier demo was stopped while it was being built."""

    code = "demo.incomplete"
    status = 409
    message_zh = "上一次演示没有建完。请先运行 make clean-demo，再运行 make demo。"
    message_en = "An earlier demo was not finished. Run `make clean-demo`, then `make demo`."


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Run the season, print the result, exit")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object")] = False,
    port: Annotated[int, typer.Option(help="Port of the web pages; another if it is taken")] = 8000,
) -> None:
    """A heating company and an electricity company, from meter to cash, on real usage curves."""
    began = time.monotonic()
    start.migrated_database()
    from metercash.interfaces.cli.serve import refuse_without_walls

    refuse_without_walls()
    from metercash.interfaces.simulators import wechat
    from metercash.project import environment

    home = environment.home()
    simulators = {code: wechat.run(home, servers.free_port(port + 100)) for code in WORK}
    try:
        with servers.pages(servers.free_port(port)) as base:
            providers = {code: simulator.base_url for code, simulator in simulators.items()}
            result = _built(home, base, providers, began)
            _print(result, home, as_json=json)
            if not result["sound"]:
                raise typer.Exit(3)
            if not once:
                with servers.worker():
                    _stay()
    finally:
        for simulator in simulators.values():
            simulator.close()


def _built(home: Path, base: str, providers: Mapping[str, str], began: float) -> dict[str, Any]:
    from metercash.interfaces.cli.demo import staff
    from metercash.platform import tenancy

    kept = home / "demo.json"
    if kept.exists():
        result: dict[str, Any] = json_text.loads(kept.read_text())
        _point_at(home, base, providers)
    else:
        if tenancy.Tenant.objects.filter(code__in=WORK).exists():
            raise DemoIncomplete
        result = _season(home, base, providers)
        for code in WORK:
            with tenancy.bind(tenancy.Tenant.objects.get(code=code).id):
                staff.write_passwords(home, code)
        kept.write_text(json_text.dumps(result, ensure_ascii=False, indent=2))
    result["addresses"] = {
        "工作人员": f"{base}/console/",
        **{f"{name}居民": f"{base}/m/{code}/" for code, (name, _) in WORK.items()},
        "接口文档": f"{base}/api/v1/openapi.json",
        **{f"{WORK[code][0]}微信支付模拟器": address for code, address in providers.items()},
    }
    result["seconds"] = round(time.monotonic() - began)
    return result


def _season(home: Path, base: str, providers: Mapping[str, str]) -> dict[str, Any]:
    """Both companies work through their season at once, each in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=len(WORK), mp_context=context) as processes:
        working = [processes.submit(_work, code, home, base, providers[code]) for code in WORK]
        reports = [company.result() for company in working]
    stages = [stage for report in reports for stage in report.stages]
    codes = list(reports[0].funnel)
    return {
        "funnel": {code: sum(report.funnel.get(code, 0) for report in reports) for code in codes},
        "sound": all(stage.agrees for stage in stages),
        "companies": primitive(reports),
    }


def _work(code: str, home: Path, base: str, provider_url: str) -> "CompanyReport":
    start.database()
    from metercash.interfaces.cli.demo import companies
    from metercash.interfaces.cli.demo.calendar import ZONE, Calendar
    from metercash.platform import audit

    outside = companies.Outside(
        provider=lambda company: _provider(home, base, provider_url, company),
        pay=lambda order_no: _control(provider_url, "pay", {"order_no": order_no}),
        fault=lambda name: _control(provider_url, "faults", {name: 1}),
        now=lambda: datetime.now(ZONE),
    )
    calendar = Calendar.seen_from(datetime.now(ZONE).date())
    with audit.acting(audit.Actor(None, "demo")):
        name, work = WORK[code]
        report: CompanyReport = getattr(companies, work)(
            outside, calendar, lambda step: errors.print(f"… {name}：{step}", markup=False)
        )
    return report


def _provider(home: Path, base: str, provider_url: str, code: str) -> dict[str, Any]:
    from metercash.interfaces.cli.demo.companies import HEAT_CODE
    from metercash.interfaces.simulators import wechat

    return wechat.provider_account(
        home,
        provider_url,
        f"{base}/gateway/{code}/wechat/notify",
        merchant_id="1900000109" if code == HEAT_CODE else "1900000110",
    )


def _point_at(home: Path, base: str, providers: Mapping[str, str]) -> None:
    """Tell the companies where pages and provider listen this time."""
    from metercash.contexts.payments import api as payments
    from metercash.platform import tenancy

    for code, address in providers.items():
        with tenancy.bind(tenancy.Tenant.objects.get(code=code).id):
            payments.configure_provider(**_provider(home, base, address, code))


def _control(provider_url: str, action: str, body: dict[str, Any]) -> None:
    httpx.post(f"{provider_url}/control/{action}", json=body, timeout=20).raise_for_status()


def _print(result: dict[str, Any], home: Path, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json_text.dumps(result, ensure_ascii=False, indent=2) + "\n")
        sys.stdout.flush()
        return
    from metercash.interfaces.cli.demo import report, staff

    report.show(result, staff.passwords(home))


def _stay() -> None:
    console.print("按 Ctrl-C 结束。Press Ctrl-C to stop.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        errors.print("已停止。")
