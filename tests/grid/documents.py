"""A price document for each kind of rule: one price for homes, one for shops, another after a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

import yaml

from metercash.rating.document import parse
from metercash.rating.plan import Plan
from tests.grid.axes import BY_DAY, HEAT


Rule = dict[str, Any]

OLD, NEW = 0, 1
EACH = (["RESIDENT"], ["NON_RESIDENT"])
ONE_FOR_ALL = (["RESIDENT", "NON_RESIDENT"],)  # A document has one calendar of zones.


def _area(own: int, version: int) -> list[Rule]:
    price = (("37.5", "42.5"), ("36.5", "44.5"))[version][own]
    return [{"kind": "area", "price": price, "proration": "ACTUAL_DAYS"}]


def _area_parts(own: int, version: int) -> list[Rule]:
    balcony = {
        "part": "BALCONY", "factor": "0.5", "code": "heat.balcony", "label_zh": "阳台",
        "label_en": "Balcony", "full_from_mm": "2200", "low_factor": "0.2",
        "low_code": "heat.balcony_low",
    }  # fmt: skip
    price = (("37.5", "42.5"), ("36.5", "44.5"))[version][own]
    parts = {"kind": "area_parts", "price": price, "proration": "ACTUAL_DAYS", "parts": [balcony]}
    return [*_area(own, version), parts]


def _height_surcharge(own: int, version: int) -> list[Rule]:
    rule = {"kind": "height_surcharge", "over_mm": "3000", "step_mm": "300"}
    rule |= {"percent_per_step": ("10", "20")[own], "partial_step": "STARTED_STEPS"}
    return [*_area(own, version), rule]


def _payers(own: int, version: int) -> list[Rule]:
    other = {
        "share": ("3", "1")[own], "code": "subsidy.employer", "label_zh": "单位负担",
        "label_en": "Employer",
    }  # fmt: skip
    return [*_area(own, version), {"kind": "payers", "own": ("5", "7")[own], "others": [other]}]


def _stop_fee(own: int, version: int) -> list[Rule]:
    shares = [{"percent": ("30", "20")[own]}]
    return [*_area(own, version), {"kind": "stop_fee", "shares": shares}]


def _two_part(own: int, _version: int) -> list[Rule]:
    return [
        {
            "kind": "two_part", "basic": "12.5", "metered": ("0.15", "0.25")[own], "unit": "kWh",
            "area_price": ("37.5", "42.5")[own], "basic_per": "DAY" if own else "SEASON",
            "settlement": "NEVER_ABOVE_AREA_FEE",
        }
    ]  # fmt: skip


def _metered(own: int, version: int) -> list[Rule]:
    price = (("0.45", "0.55"), ("0.35", "0.65"))[version][own]
    return [{"kind": "metered", "price": price, "unit": "kWh"}]


def _surcharge(own: int, version: int) -> list[Rule]:
    price = (("0.05", "0.15"), ("0.07", "0.25"))[version][own]
    return [*_metered(own, version), {"kind": "surcharge", "price": price, "unit": "kWh"}]


def _linked(own: int, version: int) -> list[Rule]:
    published = {"published_on": "2023-01-01", "value": "640", "citation": "公布"}
    rule = {
        "kind": "linked", "price": (("0.45", "0.55"), ("0.35", "0.65"))[version][own], "index": "600",
        "coefficient": "0.001", "unit": "kWh", "threshold": "5", "publications": [published],
        "cap_each": {"up": "10", "down": "10", "per": "PERCENT"},
    }  # fmt: skip
    return [rule]


def _tiered(_own: int, version: int) -> list[Rule]:
    prices = (["0.05", "0.35"], ["0.15", "0.25"])[version]
    base = ("0.45", "0.55")[version]
    return [
        {
            "kind": "tiered", "cycle": "YEAR", "bounds": ["2880", "4800"], "base": base,
            "prices": prices, "household": {"from_persons": "5", "per_month": "100"},
        }
    ]  # fmt: skip


def _time_of_use(_own: int, version: int) -> list[Rule]:
    zones = {
        "peak": {"ratio": "1.6", "hours": [["08:00", "16:00"]]},
        "flat": {"ratio": "1", "hours": [["16:00", "24:00"]]},
        "valley": {"ratio": "0.4", "hours": [["00:00", "08:00"]]},
    }
    floating = {
        "floats": {"agent": ("0.5", "0.6")[version]},
        "fixed": {"gain": "-0.35"},
        "decimals": "2",
    }
    return [{"kind": "time_of_use", "floating": floating, "zones": zones}]


def _free_units_refund(own: int, version: int) -> list[Rule]:
    rule = {"kind": "free_units_refund", "price": ("0.45", "0.55")[version], "per_month": "10"}
    rule |= {"paid_every_months": "1", "capped_by_usage": "true"}
    return [*_metered(own, version), rule]


def _price_change(_own: int, _version: int) -> list[Rule]:
    rule = {"kind": "price_change", "old": "0.45", "new": ["0.55", "0.65"], "bounds": ["60"]}
    return [rule | {"changes_on": "2025-11-16"}]


def _build_up(_own: int, version: int) -> list[Rule]:
    parts = {
        "agent": {"price": ("0.45", "0.55")[version]},
        "sys": {"price": ("-0.05", "-0.15")[version]},
        "fund": {"price": "0.0225"},
    }
    return [{"kind": "build_up", "parts": parts}]


def _demand(_own: int, version: int) -> list[Rule]:
    price = ("38.75", "42.25")[version]
    return [{"kind": "demand", "price": price, "by": "CONTRACT", "tolerance_percent": "105"}]


def _capacity(_own: int, version: int) -> list[Rule]:
    return [{"kind": "capacity", "price": ("22.7", "24.7")[version]}]


def _power_factor(own: int, version: int) -> list[Rule]:
    return [*_build_up(own, version), {"kind": "power_factor", "standard": "0.90"}]


def _year_settlement(_own: int, _version: int) -> list[Rule]:
    rule = {"kind": "year_settlement", "bounds": ["2880", "4800"], "prices": ["0.05", "0.35"]}
    return [rule | {"settles": "BOTH"}]


def _discount(own: int, version: int) -> list[Rule]:
    rule = {"kind": "discount", "percent": ("5", "2.5")[own], "evidence": "EARLY_PAYMENT"}
    return [*_area(own, version), rule]


def _subsidy(own: int, version: int) -> list[Rule]:
    rule = {"kind": "subsidy", "per": "PERCENT", "amount": "12.5", "evidence": "LOW_INCOME"}
    return [*_area(own, version), rule]


def _cap(own: int, version: int) -> list[Rule]:
    rule = {"kind": "cap", "per": "SQUARE_METER", "amount": ("0.075", "0.125")[own]}
    return [*_area(own, version), rule]


RULES: Mapping[str, Callable[[int, int], list[Rule]]] = {
    rules.__name__.removeprefix("_"): rules
    for rules in (
        _area, _area_parts, _height_surcharge, _payers, _stop_fee, _two_part, _metered, _linked,
        _surcharge, _tiered, _time_of_use, _free_units_refund, _price_change, _build_up, _demand,
        _capacity, _power_factor, _year_settlement, _discount, _subsidy, _cap,
    )
}  # fmt: skip

# The lines whose rounding is looked at, by the beginning of their codes.
OWN: Mapping[str, tuple[str, ...]] = {
    "area": ("heat.area",), "area_parts": ("heat.balcony",), "height_surcharge": ("heat.height",),
    "payers": ("subsidy.employer",), "stop_fee": ("heat.stop_fee",),
    "two_part": ("heat.basic", "heat.metered", "heat.cap"), "metered": ("energy.base",),
    "linked": ("energy.base",), "surcharge": ("fund",), "tiered": ("energy.base", "ladder."),
    "time_of_use": ("energy.",), "free_units_refund": ("refund.",),
    "price_change": ("energy.old", "tier."), "build_up": ("energy.",), "demand": ("demand",),
    "capacity": ("capacity",), "power_factor": ("power_factor",),
    "year_settlement": ("ladder.year",), "discount": ("discount",), "subsidy": ("subsidy",),
    "cap": ("cap",),
}  # fmt: skip


@cache
def document(kind: str, changes_on: date | None, version: int) -> tuple[str, Plan]:
    """The text of a price document and the plan it makes.

    Args:
        changes_on: First day of the new version; ``None`` where one version holds for ever.
        version: Which of the two.
    """
    limit: Rule = {"effective_from": "2000-01-01"}
    if changes_on is not None:
        limit = (
            {"effective_from": "2000-01-01", "effective_until": changes_on.isoformat()},
            {"effective_from": changes_on.isoformat()},
        )[version]
    rules = [
        rule | {"categories": [*categories], "clause": f"第{own + 1}条"}
        for own, categories in enumerate(ONE_FOR_ALL if kind == "time_of_use" else EACH)
        for rule in RULES[kind](own, version)
    ]
    if kind not in {"subsidy", *BY_DAY}:
        rules.append(
            {"kind": "subsidy", "per": "PERCENT", "amount": "12.5", "evidence": "LOW_INCOME",
             "code": "subsidy.low_income"}
        )  # fmt: skip
    text = yaml.safe_dump(
        {
            "code": f"grid-{kind.replace('_', '-')}", "name_zh": "网格", "name_en": "Grid",
            "locality": "grid", "commodity": "HEAT" if kind in HEAT else "POWER",
            "citation": f"网格价格文件（{'新' if version else '旧'}）", "source": "网格", "confidence": "D",
            **limit,
            **({"season": {"start": "11-15", "until": "03-16"}} if kind in HEAT else {}),
            "components": rules,
        },
        allow_unicode=True, sort_keys=False,
    )  # fmt: skip
    return text, parse(text)
