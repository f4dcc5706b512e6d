"""Entries about an account: what is refused before the database is asked, and how the trail tells them."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from decimal import Decimal

from metercash.contexts.customers.contracts import (
    PART_LABELS,
    AccountFact,
    ContractTerms,
    Evidence,
    GapKind,
    HouseholdSize,
    PartOfArea,
    SupplyGap,
    TransformerEntry,
)
from metercash.kernel.errors import InvalidInput


MILLI_MAX = 10**12
HEIGHT_MM_MAX = 60_000
PERSONS_MAX = 99
POWER_FACTOR_MILLI_MAX = 1000
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
_TEXTS = {
    "name": ("名称", 40),
    "interlock": ("互锁组", 40),
    "model": ("型号", 40),
    "reference": ("凭据", 120),
    "note": ("说明", 200),
}
_UNITS = {
    "area_milli": "m²",
    "contract_demand_milli": "kW",
    "capacity_milli": "kVA",
    "power_factor_milli": "",
}
_UNTOLD = frozenset({"fact_id", "suspensions", "recorded_by"})


def check(fact: AccountFact) -> None:
    """Refuse an entry that cannot be true.

    Raises:
        InvalidInput: naming the field as the page calls it.
    """
    for name, (label, longest) in _TEXTS.items():
        _require(len(getattr(fact, name, "")) <= longest, label, f"不要超过 {longest} 个字")
    _check_days(fact)
    _check_values(fact)


def figures(fact: AccountFact) -> list[str]:
    """The entry's values for the trail, in the order of its fields; empty ones are left out."""
    told = []
    for field in fields(fact):
        value = getattr(fact, field.name)
        if field.name in _UNTOLD or value is None or value == "":
            continue
        if field.name in _UNITS:
            told.append(f"{Decimal(value).scaleb(-3).normalize():f} {_UNITS[field.name]}".rstrip())
        elif field.name == "height_mm":
            told.extend([f"{value} mm"] if value else [])
        else:
            told.append(value.isoformat() if isinstance(value, date) else str(value))
    return told


def _check_days(fact: AccountFact) -> None:
    start, end = fact.valid_from, getattr(fact, "valid_until", None)
    if isinstance(fact, SupplyGap):
        begun = (start is None) == (fact.kind == GapKind.NOT_CONNECTED)
        _require(begun, "开始日期", "停供请填写开始日期；首次接入只填接入日期")
        _require(start is not None or end is not None, "接入日期", "请填写首次供用的日期")
    if start is not None and end is not None:
        _require(start < end, "结束日期", "应晚于开始日期")


def _check_values(fact: AccountFact) -> None:
    match fact:
        case PartOfArea():
            _check_part(fact)
        case SupplyGap():
            _require(fact.kind in GapKind.__members__, "供用情况", "不在可选范围内")
        case Evidence():
            right = _CODE.fullmatch(fact.code) is not None
            _require(right, "证明", "应为大写英文代码，例如 LOW_INCOME")
        case HouseholdSize():
            _require(0 <= fact.size <= PERSONS_MAX, "人口数", "应在 0～99 之间")
        case ContractTerms():
            _check_contract(fact)
        case TransformerEntry():
            _require(bool(fact.name), "名称", "请填写变压器名称")
            _positive(fact.capacity_milli, "容量")


def _check_part(part: PartOfArea) -> None:
    _require(part.part in PART_LABELS, "部位", "不在可选范围内")
    _positive(part.area_milli, "面积")
    _require(0 <= part.height_mm <= HEIGHT_MM_MAX, "净高", "应在 0～60 米之间")


def _check_contract(terms: ContractTerms) -> None:
    agreed = (terms.contract_demand_milli, terms.capacity_milli, terms.power_factor_milli)
    reason = "合同需量、合同容量、功率因数至少填写一项"
    _require(any(value is not None for value in agreed), "合同", reason)
    for value, label in zip(agreed, ("合同需量", "合同容量", "功率因数"), strict=True):
        if value is not None:
            _positive(value, label)
    factor = terms.power_factor_milli or 0
    _require(factor <= POWER_FACTOR_MILLI_MAX, "功率因数", "应大于 0、不超过 1")


def _positive(milli: int, label: str) -> None:
    _require(0 < milli <= MILLI_MAX, label, "应为大于 0 的数")


def _require(right: bool, field: str, reason: str) -> None:  # noqa: FBT001 - one assertion
    if not right:
        raise InvalidInput(field=field, reason=reason)
