"""Invented customers for tests: rows as a person would type them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping


HEADERS = (
    "户号", "外部编号", "户名", "手机号", "小区", "小区纬度", "小区经度", "楼栋", "单元", "楼层",
    "房号", "建筑面积", "收费面积", "层高", "用能类型", "价格方案", "用户类别", "人口数", "起始日期",
)  # fmt: skip


def row(number: int, **changes: object) -> dict[str, object]:
    """One home; ``changes`` are named by header."""
    return {
        "户号": f"1{number:07d}",
        "外部编号": f"OLD-{number}",
        "户名": f"王{'甲乙丙丁'[number % 4]}{number}",
        "手机号": f"138{number:08d}",
        "小区": "幸福家园",
        "小区纬度": "45.756967",
        "小区经度": "126.642464",
        "楼栋": f"{number // 20 + 1}号楼",
        "单元": f"{number % 2 + 1}单元",
        "楼层": str(number % 20 // 2 + 1),
        "房号": f"{number % 20 // 2 + 1}0{number % 2 + 1}",
        "建筑面积": "96.5",
        "收费面积": "90.25",
        "层高": "2.9",
        "用能类型": "供热",
        "价格方案": "plan-a",
        "用户类别": "居民",
        "人口数": "3",
        "起始日期": "2025-10-20",
        **changes,
    }


def as_csv(rows: Iterable[Mapping[str, object]], encoding: str = "utf-8") -> bytes:
    """The rows as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, HEADERS, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)
