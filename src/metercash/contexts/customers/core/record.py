"""A customer as one row of a table, and the columns of that table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from metercash.contexts.customers.contracts import (
    CATEGORY_LABELS,
    COMMODITY_LABELS,
    PARTY_KIND_LABELS,
    SUPPLY_LABELS,
    Category,
    PartyKind,
    SupplyStatus,
)
from metercash.contexts.customers.core import cells


class CustomerRecord(NamedTuple):
    """All an import or export says about one account; units as in the tables."""

    external_key: str
    account_no: str
    name: str
    party_kind: str
    id_number: str
    phone: str
    community: str
    latitude_micro: int | None
    longitude_micro: int | None
    building: str
    unit: str
    floor: int
    room: str
    building_area_milli: int
    usable_area_milli: int
    inside_area_milli: int
    chargeable_area_milli: int
    height_mm: int
    commodity: str
    plan_code: str
    category: str
    household_size: int
    supply_status: str
    valid_from: date

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What identifies the premises."""
        return (self.community, self.building, self.unit, self.room)

    @property
    def measures(self) -> tuple[int, int, int, int, int, int]:
        """What is known of the premises besides where they are."""
        return (
            self.floor,
            self.building_area_milli,
            self.usable_area_milli,
            self.inside_area_milli,
            self.chargeable_area_milli,
            self.height_mm,
        )

    @property
    def holder(self) -> tuple[str, str, str]:
        """Who holds the account."""
        return (self.party_kind, self.name, self.id_number)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the customer table.

    Attributes:
        default: Taken for an empty cell of a new account; ``None`` also for "unknown".
        write: Turns a value back into a cell.
    """

    field: str
    header: str
    parse: Callable[[Any], Any]
    write: Callable[[Any], Any]
    required: bool = False
    default: Any = ""
    aliases: tuple[str, ...] = ()
    hint: str = ""
    example: Any = ""


def _choices(labels: Mapping[Any, str], **others: str) -> Callable[[Any], str]:
    words = {label: str(value) for value, label in labels.items()}
    words.update({str(value): str(value) for value in labels})
    return cells.choice_of({**words, **others})


def _label(labels: Mapping[Any, str]) -> Callable[[Any], str]:
    words = {str(value): label for value, label in labels.items()}
    return lambda value: words.get(value, value)


def _decimal(scale: int) -> Callable[[int | None], Decimal | None]:
    def write(value: int | None) -> Decimal | None:
        return None if value is None else Decimal(value) / scale

    return write


_AREA = cells.scaled_of(1000, low=0, high=10_000_000, unit="㎡")
_LATITUDE = cells.scaled_of(cells.MICRO, low=-90, high=90, unit="°")
_LONGITUDE = cells.scaled_of(cells.MICRO, low=-180, high=180, unit="°")
_AREA_TEXT = _decimal(1000)
_DEGREES = _decimal(cells.MICRO)


def _area(field: str, header: str, example: str, hint: str = "") -> Column:
    return Column(field, header, _AREA, _AREA_TEXT, default=0, hint=hint, example=example)


def _text(field: str, header: str, length: int, **more: Any) -> Column:
    return Column(field, header, cells.text_of(length), cells.escaped, **more)


COLUMNS: tuple[Column, ...] = (
    _text(
        "account_no", "户号", 40, required=True, aliases=("用户编号", "卡号"), example="10000001"
    ),
    _text(
        "external_key",
        "外部编号",
        80,
        hint="原系统中的唯一编号；不填时用户号代替。再次导入按它认人",
        example="OLD-1",
    ),
    _text(
        "name", "户名", 120, required=True, aliases=("姓名", "用户名称", "业主姓名"), example="张䶮"
    ),
    Column(
        "party_kind",
        "客户类型",
        _choices(PARTY_KIND_LABELS),
        _label(PARTY_KIND_LABELS),
        default=str(PartyKind.PERSON),
        hint="个人、单位",
        example="个人",
    ),
    Column("id_number", "证件号", cells.id_number, cells.escaped, aliases=("身份证号",)),
    Column(
        "phone",
        "手机号",
        cells.phone,
        cells.escaped,
        aliases=("电话", "联系电话", "手机"),
        hint="不填时保留系统里已有的号码",
        example="13800000001",
    ),
    _text("community", "小区", 80, required=True, example="幸福家园"),
    Column(
        "latitude_micro",
        "小区纬度",
        _LATITUDE,
        _DEGREES,
        default=None,
        hint="WGS-84",
        example="45.756967",
    ),
    Column(
        "longitude_micro",
        "小区经度",
        _LONGITUDE,
        _DEGREES,
        default=None,
        hint="WGS-84",
        example="126.642464",
    ),
    _text("building", "楼栋", 40, required=True, aliases=("楼号",), example="3号楼"),
    _text("unit", "单元", 20, example="2单元"),
    Column("floor", "楼层", cells.whole_of(low=-9, high=200), lambda v: v, default=0, example="3"),
    _text("room", "房号", 30, required=True, aliases=("门牌", "室号"), example="301"),
    _area("building_area_milli", "建筑面积", "96.5"),
    _area("usable_area_milli", "使用面积", "72.35"),
    _area("inside_area_milli", "套内面积", "78.2"),
    _area("chargeable_area_milli", "收费面积", "96.5", "㎡；不填时取建筑面积"),
    Column(
        "height_mm",
        "层高",
        cells.scaled_of(1000, low=0, high=60, unit="米"),
        _decimal(1000),
        default=0,
        hint="米；不填表示未测量",
        example="2.9",
    ),
    Column(
        "commodity",
        "用能类型",
        _choices(COMMODITY_LABELS, 热="HEAT", 电="POWER"),
        _label(COMMODITY_LABELS),
        required=True,
        hint="供热、供电",
        example="供热",
    ),
    _text("plan_code", "价格方案", 80, required=True, example="harbin-heat-resident"),
    Column(
        "category",
        "用户类别",
        _choices(CATEGORY_LABELS),
        _label(CATEGORY_LABELS),
        default=str(Category.RESIDENT),
        hint="居民、非居民、低保",
        example="居民",
    ),
    Column(
        "household_size",
        "人口数",
        cells.whole_of(low=0, high=99),
        lambda v: v,
        default=0,
        example="3",
    ),
    Column(
        "supply_status",
        "供用状态",
        _choices(SUPPLY_LABELS),
        _label(SUPPLY_LABELS),
        default=str(SupplyStatus.SUPPLIED),
        hint="正常、停供",
        example="正常",
    ),
    Column(
        "valid_from",
        "起始日期",
        cells.day,
        lambda v: v.isoformat(),
        required=True,
        aliases=("协议起始日期",),
        example="2025-10-20",
    ),
)

BY_FIELD = {column.field: column for column in COLUMNS}
HEADERS = {alias: column for column in COLUMNS for alias in (column.header, *column.aliases)}
assert set(BY_FIELD) == set(CustomerRecord._fields)
