"""Rows of a table of billing facts become entries, or errors that name the cell; and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from metercash.contexts.customers.contracts import (
    EVIDENCE_LABELS,
    PART_LABELS,
    AccountFact,
    ContractTerms,
    Evidence,
    GapKind,
    HouseholdSize,
    PartOfArea,
    RowError,
    SupplyGap,
    SuspensionSpan,
    TransformerEntry,
)
from metercash.contexts.customers.core import cells
from metercash.contexts.customers.core import facts as deciding
from metercash.contexts.customers.core.record import Column
from metercash.contexts.customers.core.table import Table
from metercash.kernel.errors import InvalidInput


KIND_HEADER = "资料种类"
ROWS_MAX = 20_000
"""Every row is written with its own trail and event."""

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row read without a fault."""

    row: int
    account_no: str
    fact: AccountFact


@dataclass(frozen=True, slots=True)
class FactRows:
    """All rows of a file; ``rows`` counts those with any content."""

    read: list[FactRow]
    errors: list[RowError]
    rows: int


def _same(value: Any) -> Any:
    return value


def _thousandths(value: int) -> Decimal:
    return Decimal(value).scaleb(-3)


def _text(field: str, header: str, length: int, hint: str = "", example: str = "") -> Column:
    parse = cells.text_of(length)
    return Column(field, header, parse, cells.escaped, hint=hint, example=example)


def _quantity(field: str, header: str, unit: str, high: int, hint: str = "") -> Column:
    parse = cells.scaled_of(1000, low=0, high=high, unit=unit)
    return Column(field, header, parse, _thousandths, default=None, hint=hint)


def _day(field: str, header: str, hint: str) -> Column:
    return Column(field, header, cells.day, date.isoformat, default=None, hint=hint)


_PARTS = "面积部位填阳台等部位，证明填低保等名称或代码，停供填“停供”或“首次接入”，变压器和暂停填变压器名称"
COLUMNS = (
    Column("account_no", "户号", cells.text_of(40), cells.escaped, required=True),
    Column("kind", KIND_HEADER, cells.text_of(16), _same, required=True, example="证明"),
    _text("item", "项目", 40, _PARTS, "低保"),
    _quantity("area_milli", "部位面积", "㎡", 10_000_000, "面积部位必填"),
    _quantity("height_mm", "净高", "米", 60, "米；不知道就不填"),
    Column("size", "人口数", cells.whole_of(low=0, high=99), _same, default=None),
    _quantity("contract_demand_milli", "合同需量", "kW", 10**9),
    _quantity("capacity_milli", "容量", "kVA", 10**9, "合同容量或变压器容量，kVA"),
    _quantity("power_factor_milli", "功率因数", "", 1, "没有无功表时的约定值，例如 0.85"),
    _text("interlock", "互锁组", 40, "同组只能运行一台"),
    _text("model", "型号", 40, "价格文件损耗表中的型号"),
    _day("first", "第一天", "首次接入不填"),
    _day("last", "最后一天", "留空为长期有效；停供填停供的最后一天，首次接入填接入前一天"),
    _text("reference", "凭据", 120),
    _text("note", "说明", 200),
)
HEADERS = {column.header: column for column in COLUMNS}


def _named(labels: Mapping[str, str], text: str) -> str:
    """The code of a label; codes stand for themselves."""
    return next((code for code, label in labels.items() if label == text), text.upper())


def _days(v: Values) -> dict[str, Any]:
    return {"valid_from": v["first"], "valid_until": _after(v["last"])}


def _after(last: date | None) -> date | None:
    return None if last is None else last + timedelta(days=1)


_GAPS: dict[str, str] = {"停供": GapKind.STOPPED, "首次接入": GapKind.NOT_CONNECTED}
_READERS: dict[str, Callable[[Values], AccountFact]] = {
    "面积部位": lambda v: PartOfArea(
        part=_named(PART_LABELS, v["item"]),
        area_milli=v["area_milli"] or 0,
        height_mm=v["height_mm"] or 0,
        **_days(v),
    ),
    "停供": lambda v: SupplyGap(_GAPS.get(v["item"], str(v["item"])), **_days(v), note=v["note"]),
    "证明": lambda v: Evidence(
        _named(EVIDENCE_LABELS, v["item"]), **_days(v), reference=v["reference"], note=v["note"]
    ),
    "家庭人口": lambda v: HouseholdSize(-1 if v["size"] is None else v["size"], v["first"]),
    "用电合同": lambda v: ContractTerms(
        contract_demand_milli=v["contract_demand_milli"],
        capacity_milli=v["capacity_milli"],
        power_factor_milli=v["power_factor_milli"],
        **_days(v),
    ),
    "变压器": lambda v: TransformerEntry(
        v["item"],
        v["capacity_milli"] or 0,
        interlock=v["interlock"],
        model=v["model"],
        **_days(v),
    ),
    "暂停": lambda v: SuspensionSpan(v["item"], **_days(v)),
}
_KINDS: dict[type[Any], str] = {
    PartOfArea: "面积部位",
    SupplyGap: "停供",
    Evidence: "证明",
    HouseholdSize: "家庭人口",
    ContractTerms: "用电合同",
    TransformerEntry: "变压器",
    SuspensionSpan: "暂停",
}


def holds_facts(table: Table) -> bool:
    """Whether it is a table of billing facts rather than of customers."""
    return KIND_HEADER in table.header


def parse(table: Table) -> FactRows:
    """Read every row; a row with any fault yields errors and no entry."""
    position: dict[str, int] = {}
    for index, name in enumerate(table.header):
        position.setdefault(name, index)
    read: list[FactRow] = []
    errors: list[RowError] = []
    rows = 0
    for number, row in enumerate(table.rows, start=table.first_row_number):
        if not any(cell not in ("", None) for cell in row):
            continue
        rows += 1
        before = len(errors)
        values = {
            column.field: _value(column, row, position.get(column.header), number, errors)
            for column in COLUMNS
        }
        if len(errors) == before:
            _take(number, values, read, errors)
    return FactRows(read, errors, rows)


def written(account_no: str, fact: AccountFact) -> list[object]:
    """The cells of an entry in the order of the columns; :func:`parse` reads them back."""
    until = getattr(fact, "valid_until", None)
    known: dict[str, Any] = {
        **{column.field: getattr(fact, column.field, None) for column in COLUMNS},
        "account_no": account_no,
        "kind": _KINDS[type(fact)],
        "item": _item(fact),
        "first": fact.valid_from,
        "last": None if until is None else until - timedelta(days=1),
    }
    return [
        None if known[column.field] in (None, "") else column.write(known[column.field])
        for column in COLUMNS
    ]


def _item(fact: AccountFact) -> str:
    match fact:
        case PartOfArea():
            return PART_LABELS.get(fact.part, fact.part)
        case SupplyGap():
            return next(label for label, kind in _GAPS.items() if kind == fact.kind)
        case Evidence():
            return EVIDENCE_LABELS.get(fact.code, fact.code)
        case TransformerEntry():
            return fact.name
        case SuspensionSpan():
            return fact.transformer
        case _:
            return ""


def _value(
    column: Column, row: Sequence[object], index: int | None, number: int, errors: list[RowError]
) -> Any:
    cell = row[index] if index is not None and index < len(row) else None
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        if column.required:
            advice = f"请填写{column.header}"
            errors.append(RowError(number, column.header, "", "必填项没有填写", advice))
        return column.default
    try:
        return column.parse(cell)
    except cells.CellError as fault:
        shown = cells.shown(cell)[:200]
        errors.append(RowError(number, column.header, shown, fault.reason, fault.advice))
        return column.default


def _take(number: int, values: Values, read: list[FactRow], errors: list[RowError]) -> None:
    reader = _READERS.get(values["kind"])
    if reader is None:
        advice = f"请填写：{'、'.join(_READERS)}"
        errors.append(RowError(number, KIND_HEADER, values["kind"], "不在可选范围内", advice))
        return
    begins = values["kind"] == "停供" and values["item"] == "首次接入"
    if values["first"] is None and not begins:
        errors.append(RowError(number, "第一天", "", "必填项没有填写", "请填写第一天"))
        return
    fact = reader(values)
    try:
        deciding.check(fact)
    except InvalidInput as fault:
        field, reason = fault.data["field"], fault.data["reason"]
        errors.append(RowError(number, "", values["item"], f"{field}{reason}", "请核对这一行"))
        return
    read.append(FactRow(number, values["account_no"], fact))
