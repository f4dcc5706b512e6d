"""A city of invented customers from an Excel workbook: dry run, import, import again, search, export."""

import io
from datetime import date
from functools import partial

import xlsxwriter

from bench import stage


HOMES_PER_BUILDING = 100
BUILDINGS_PER_COMMUNITY = 20
SEARCHES = ("0042", "10004242", "13800004242", "王八万", "小区3 5-2-1002", "1002")


def workbook(rows: int) -> bytes:
    """The customers in the columns of the import."""
    from metercash.contexts.customers.core.record import COLUMNS

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.header for column in COLUMNS])
        for number in range(rows):
            values = _customer(number)
            sheet.write_row(number + 1, 0, [values.get(column.field, "") for column in COLUMNS])
    return out.getvalue()


def _customer(number: int) -> dict[str, object]:
    home = number % HOMES_PER_BUILDING
    estate, block = divmod(number // HOMES_PER_BUILDING, BUILDINGS_PER_COMMUNITY)
    return {
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


def run() -> dict[str, object]:
    """Time each way the data goes."""
    from metercash.contexts.customers import api
    from metercash.kernel.interval import Interval

    content = workbook(stage.ACCOUNTS)
    load = partial(api.import_file, content=content, filename="city.xlsx", now=stage.NOW)
    figures: dict[str, object] = {"rows": stage.ACCOUNTS, "file_mb": round(len(content) / 1e6, 1)}
    figures["dry_run_s"] = round(stage.timed(partial(load, dry_run=True)) / 1000, 1)
    figures["import_s"] = round(stage.timed(partial(load, dry_run=False)) / 1000, 1)
    figures["import_again_unchanged_s"] = round(stage.timed(partial(load, dry_run=False)) / 1000, 1)
    ids = api.account_ids()
    assert len(ids) == stage.ACCOUNTS
    for text in SEARCHES:
        figures[f"search_{text}_ms"] = round(stage.timed(partial(api.search, text=text)), 1)
    figures["list_page_10_ms"] = round(stage.timed(partial(api.list_accounts, page=10)), 1)
    period = Interval(date(2025, 10, 20), date(2026, 4, 21))
    figures["billing_facts_of_all_s"] = round(
        stage.timed(partial(api.billing_facts, account_ids=ids, period=period)) / 1000, 2
    )
    figures["export_s"] = round(stage.timed(api.export_workbook) / 1000, 1)
    figures["peak_mib"] = stage.peak_mib()
    return figures


if __name__ == "__main__":
    with stage.tenant("HEAT"):
        stage.report(run())
