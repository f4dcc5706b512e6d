"""Writes the invented customers as the Excel file a company would bring, in the import's own columns."""

import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import xlsxwriter

from metercash.interfaces.cli.demo.city import Home


HEADERS = (
    "户号", "外部编号", "户名", "客户类型", "手机号", "小区", "小区纬度", "小区经度", "楼栋", "单元",
    "楼层", "房号", "建筑面积", "使用面积", "收费面积", "层高", "用能类型", "价格方案", "用户类别",
    "人口数", "起始日期",
)  # fmt: skip
COMMODITY = {"HEAT": "供热", "POWER": "供电"}
CATEGORY = {"RESIDENT": "居民", "NON_RESIDENT": "非居民"}


def customers(homes: Iterable[Home], *, since: date) -> bytes:
    """The homes as one sheet; every agreement begins on ``since``."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("用户")
        sheet.write_row(0, 0, HEADERS)
        for number, home in enumerate(homes, start=1):
            sheet.write_row(number, 0, _row(home, since))
    return buffer.getvalue()


def _row(home: Home, since: date) -> tuple[str, ...]:
    usable = (home.area * Decimal("0.75")).quantize(Decimal("0.01"))
    return (
        home.account_no,
        f"DEMO-{home.account_no}",
        home.name,
        "单位" if home.category == "NON_RESIDENT" else "个人",
        home.phone,
        home.community,
        str(home.latitude),
        str(home.longitude),
        home.building,
        home.unit,
        str(home.floor),
        home.room,
        str(home.area),
        str(usable),
        str(home.area),
        str(Decimal(home.height_mm).scaleb(-3)),
        COMMODITY[home.commodity],
        home.plan_code,
        CATEGORY[home.category],
        str(home.household_size),
        since.isoformat(),
    )
