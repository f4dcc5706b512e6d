"""Imports 100,000 customers from Excel and times it; prints one JSON object.

Uses the database of METERCASH_HOME (``metercash migrate`` must have run), in a tenant of its own.
"""

from __future__ import annotations

import io
import json
import os
import platform
import secrets
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import django
import xlsxwriter


ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
HOMES_PER_BUILDING = 100
BUILDINGS_PER_COMMUNITY = 20
SEARCHES = ("0042", "10004242", "13800004242", "王八万", "小区3 5-2-1002", "1002")
NOW = datetime(2026, 1, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def workbook(rows: int) -> bytes:
    """A city of invented customers in the columns of the import."""
    from metercash.contexts.customers.core.record import COLUMNS

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.header for column in COLUMNS])
        for number in range(rows):
            home = number % HOMES_PER_BUILDING
            building = number // HOMES_PER_BUILDING
            estate, block = divmod(building, BUILDINGS_PER_COMMUNITY)
            values: dict[str, object] = {
                "account_no": f"1{number:07d}",
                "external_key": f"OLD-{number}",
                "name": f"{'王李张刘陈'[number % 5]}{'一二三四五六七八'[number % 8]}万",
                "phone": f"138{number:08d}",
                "community": f"幸福小区{estate}",
                "latitude_micro": f"45.{750000 + estate}",
                "longitude_micro": f"126.{640000 + estate}",
                "building": f"{block + 1}号楼",
                "unit": f"{home // 50 + 1}单元",
                "floor": home % 50 // 2 + 1,
                "room": f"{home % 50 // 2 + 1}0{home % 2 + 1}",
                "building_area_milli": 60 + number % 900 / 10,
                "commodity": "供热",
                "plan_code": "bench-heat",
                "household_size": number % 5 + 1,
                "valid_from": "2025-10-20",
            }
            sheet.write_row(number + 1, 0, [values.get(column.field, "") for column in COLUMNS])
    return out.getvalue()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result."""
    start = time.perf_counter()
    result = work()
    seconds = round(time.perf_counter() - start, 3)
    print(f"{seconds:8.3f} s", file=sys.stderr, flush=True)
    return seconds, result


def main() -> None:
    """Run the bench."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metercash.project.settings")
    from metercash.platform.postgres import server
    from metercash.project import environment

    if not environment.text("DATABASE_URL"):
        cluster = server.ensure(environment.home())
        os.environ["DATABASE_URL"] = cluster.dsn_app
        os.environ["DATABASE_OWNER_URL"] = cluster.dsn_owner
    django.setup()
    from metercash.contexts.customers import api
    from metercash.kernel.interval import Interval
    from metercash.platform import tenancy

    content = workbook(ROWS)
    code = f"bench-{secrets.token_hex(4)}"
    tenant = tenancy.Tenant.objects.create(code=code, name="导入测速", kind="HEAT")
    with tenancy.bind(tenant.id):

        def load(*, dry_run: bool) -> Any:
            return api.import_file(content=content, filename="b.xlsx", dry_run=dry_run, now=NOW)

        dry_s, _ = timed(lambda: load(dry_run=True))
        import_s, report = timed(lambda: load(dry_run=False))
        again_s, again = timed(lambda: load(dry_run=False))
        searches = {text: timed(lambda text=text: api.search(text=text))[0] for text in SEARCHES}
        list_s, _ = timed(lambda: api.list_accounts(page=10))
        ids_s, ids = timed(api.account_ids)
        period = Interval(date(2025, 10, 20), date(2026, 4, 21))
        facts_s, facts = timed(lambda: api.billing_facts(account_ids=ids, period=period))
        export_s, _ = timed(api.export_workbook)
    result = {
        "bench": "customers",
        "machine": {"python": platform.python_version(), "cpus": os.cpu_count()},
        "rows": ROWS,
        "file_bytes": len(content),
        "dry_run_s": dry_s,
        "import_s": import_s,
        "reimport_unchanged_s": again_s,
        "created": report.created,
        "unchanged": again.unchanged,
        "errors": len(report.errors),
        "search_s": searches,
        "list_page_s": list_s,
        "account_ids_s": ids_s,
        "billing_facts_s": facts_s,
        "billing_facts": len(facts),
        "export_s": export_s,
    }
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
