"""The ``demo`` command: builds the demo once, then serves it."""

import json as json_text
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from metercash.interfaces.cli import start
from metercash.interfaces.cli.demo import servers
from metercash.interfaces.cli.output import console, errors, primitive
from metercash.kernel.errors import MetercashError


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
    simulator = wechat.run(home, servers.free_port(port + 100))
    try:
        with servers.pages(servers.free_port(port)) as base:
            result = _built(home, base, simulator.base_url, began)
            _print(result, home, as_json=json)
            if not result["sound"]:
                raise typer.Exit(3)
            if not once:
                with servers.worker():
                    _stay()
    finally:
        simulator.close()


def _built(home: Path, base: str, provider_url: str, began: float) -> dict[str, Any]:
    from metercash.interfaces.cli.demo import staff
    from metercash.interfaces.cli.demo.companies import HEAT_CODE, POWER_CODE
    from metercash.platform import tenancy

    kept = home / "demo.json"
    codes = (HEAT_CODE, POWER_CODE)
    if kept.exists():
        result: dict[str, Any] = json_text.loads(kept.read_text())
        _point_at(home, base, provider_url, codes)
    else:
        if tenancy.Tenant.objects.filter(code__in=codes).exists():
            raise DemoIncomplete
        result = _season(home, base, provider_url)
        for code in codes:
            with tenancy.bind(tenancy.Tenant.objects.get(code=code).id):
                staff.write_passwords(home, code)
        kept.write_text(json_text.dumps(result, ensure_ascii=False, indent=2))
    result["addresses"] = {
        "工作人员": f"{base}/console/",
        "供热居民": f"{base}/m/{HEAT_CODE}/",
        "供电居民": f"{base}/m/{POWER_CODE}/",
        "接口文档": f"{base}/api/v1/openapi.json",
        "微信支付模拟器": provider_url,
    }
    result["seconds"] = round(time.monotonic() - began)
    return result


def _season(home: Path, base: str, provider_url: str) -> dict[str, Any]:
    from metercash.interfaces.cli.demo import companies
    from metercash.interfaces.cli.demo.calendar import ZONE, Calendar
    from metercash.platform import audit

    outside = companies.Outside(
        provider=lambda code: _provider(home, base, provider_url, code),
        pay=lambda order_no: _control(provider_url, "pay", {"order_no": order_no}),
        fault=lambda name: _control(provider_url, "faults", {name: 1}),
        now=lambda: datetime.now(ZONE),
    )
    calendar = Calendar.seen_from(datetime.now(ZONE).date())
    with audit.acting(audit.Actor(None, "demo")):
        reports = [
            companies.work_heating(outside, calendar, _tell),
            companies.work_power(outside, calendar, _tell),
        ]
    stages = [stage for report in reports for stage in report.stages]
    codes = list(reports[0].funnel)
    return {
        "funnel": {code: sum(report.funnel.get(code, 0) for report in reports) for code in codes},
        "sound": all(stage.agrees for stage in stages),
        "companies": primitive(reports),
    }


def _provider(home: Path, base: str, provider_url: str, code: str) -> dict[str, Any]:
    from metercash.interfaces.cli.demo.companies import HEAT_CODE
    from metercash.interfaces.simulators import wechat

    return wechat.provider_account(
        home,
        provider_url,
        f"{base}/gateway/{code}/wechat/notify",
        merchant_id="1900000109" if code == HEAT_CODE else "1900000110",
    )


def _point_at(home: Path, base: str, provider_url: str, codes: tuple[str, ...]) -> None:
    """Tell the companies where pages and provider listen this time."""
    from metercash.contexts.payments import api as payments
    from metercash.platform import tenancy

    for code in codes:
        with tenancy.bind(tenancy.Tenant.objects.get(code=code).id):
            payments.configure_provider(**_provider(home, base, provider_url, code))


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


def _tell(step: str) -> None:
    errors.print(f"… {step}", markup=False)
