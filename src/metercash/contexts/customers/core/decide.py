"""What an import has to do: create, update, leave, or refuse each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from metercash.contexts.customers.contracts import RowError
from metercash.contexts.customers.core.record import BY_FIELD, CustomerRecord
from metercash.contexts.customers.core.rows import Draft, Drafts


Place = tuple[str, str, str, str]

_NO = CustomerRecord._fields.index("account_no")
_KEY = CustomerRecord._fields.index("external_key")
_CHARGEABLE = CustomerRecord._fields.index("chargeable_area_milli")
_BUILDING_AREA = CustomerRecord._fields.index("building_area_milli")


@dataclass(frozen=True, slots=True)
class Existing:
    """An account as stored, with the rows it is made of."""

    account_id: int
    party_id: int
    premises_id: int
    service_point_id: int
    agreement_id: int
    building_id: int
    community_id: int
    valid_until: date | None
    record: CustomerRecord


@dataclass(frozen=True, slots=True)
class Occupied:
    """The latest agreement at a service point."""

    service_point_id: int
    account_no: str
    account_id: int
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows about the rows of the file."""

    by_key: Mapping[str, Existing]
    by_no: Mapping[str, Existing]
    premises: Mapping[Place, int]
    points: Mapping[tuple[Place, str], Occupied]


@dataclass(slots=True)
class Decision:
    """The outcome for every row of a file."""

    creates: list[tuple[int, CustomerRecord]] = field(default_factory=list)
    updates: list[tuple[int, CustomerRecord, Existing]] = field(default_factory=list)
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)


@dataclass(slots=True)
class _Seen:
    """What earlier rows of the same file have claimed, with their row numbers."""

    keys: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    points: dict[tuple[Place, str], int] = field(default_factory=dict)
    measures: dict[Place, tuple[int, tuple[int, ...]]] = field(default_factory=dict)
    coordinates: dict[str, tuple[int, int | None, int | None]] = field(default_factory=dict)


def find_existing(draft: Draft, known: Known) -> Existing | None:
    """The stored account a row speaks of: by external key, else by account number."""
    key, number = draft.values[_KEY], draft.values[_NO]
    if key:
        return known.by_key.get(key)
    return known.by_no.get(number) if number else None


def merge(
    drafts: Drafts, known: Known, errors: list[RowError]
) -> list[tuple[int, CustomerRecord, Existing | None]]:
    """Fill what the file leaves open from what is stored, or from the defaults for new accounts."""
    merged = []
    absent = [(i, CustomerRecord._fields[i]) for i in drafts.absent]
    for draft in drafts.drafts:
        existing = find_existing(draft, known)
        values = list(draft.values)
        fault = False
        for index, name in absent:
            if existing is not None:
                values[index] = existing.record[index]
            elif BY_FIELD[name].required:
                header = BY_FIELD[name].header
                advice = f"新用户必须有“{header}”列，请使用导入模板"
                errors.append(RowError(draft.row, header, "", f"文件缺少“{header}”列", advice))
                fault = True
            else:
                values[index] = BY_FIELD[name].default
        if fault:
            continue
        if values[_CHARGEABLE] is None:
            values[_CHARGEABLE] = values[_BUILDING_AREA]
        merged.append((draft.row, _completed(CustomerRecord(*values), existing), existing))
    return merged


def decide(merged: list[tuple[int, CustomerRecord, Existing | None]], known: Known) -> Decision:
    """Compare every row with the rows before it and with what is stored."""
    decision = Decision()
    seen = _Seen()
    for row, record, existing in merged:
        faults = _conflicts_in_file(row, record, seen)
        if existing is not None and existing.record == record:
            if not faults:
                decision.unchanged += 1
        else:
            faults = faults or _conflicts_with_stored(row, record, existing, known)
            if not faults and existing is None:
                decision.creates.append((row, record))
            elif not faults and existing is not None:
                decision.updates.append((row, record, existing))
        decision.errors.extend(faults)
    return decision


def _completed(record: CustomerRecord, existing: Existing | None) -> CustomerRecord:
    changes: dict[str, Any] = {}
    if not record.external_key:
        changes["external_key"] = existing.record.external_key if existing else record.account_no
    if existing is not None and not record.phone and existing.record.phone:
        changes["phone"] = existing.record.phone
    if existing is not None and record.latitude_micro is None and record.longitude_micro is None:
        changes["latitude_micro"] = existing.record.latitude_micro
        changes["longitude_micro"] = existing.record.longitude_micro
    return record._replace(**changes) if changes else record


def _error(row: int, name: str, record: CustomerRecord, reason: str, advice: str) -> RowError:
    value = getattr(record, name)
    return RowError(row, BY_FIELD[name].header, str(value), reason, advice)


def _conflicts_in_file(row: int, record: CustomerRecord, seen: _Seen) -> list[RowError]:
    faults = []
    first = seen.keys.setdefault(record.external_key, row)
    if first != row:
        reason, advice = f"与第 {first} 行重复", "每个外部编号只能出现一次，请删除多余的行"
        faults.append(_error(row, "external_key", record, reason, advice))
    first = seen.numbers.setdefault(record.account_no, row)
    if first != row:
        reason, advice = f"与第 {first} 行重复", "每个户号只能出现一次，请删除或更正"
        faults.append(_error(row, "account_no", record, reason, advice))
    first = seen.points.setdefault((record.place, record.commodity), row)
    if first != row:
        reason = f"与第 {first} 行是同一房屋、同一用能类型"
        faults.append(_error(row, "room", record, reason, "请核对小区、楼栋、单元和房号"))
    first, measures = seen.measures.setdefault(record.place, (row, record.measures))
    if measures != record.measures:
        reason = f"同一房屋的楼层、面积或层高与第 {first} 行不一致"
        faults.append(_error(row, "room", record, reason, "请统一两行的房屋数据"))
    if (record.latitude_micro is None) != (record.longitude_micro is None):
        advice = "纬度和经度要么都填，要么都不填"
        faults.append(_error(row, "latitude_micro", record, "坐标只填了一半", advice))
    elif record.latitude_micro is not None:
        here = (record.latitude_micro, record.longitude_micro)
        first, *there = seen.coordinates.setdefault(record.community, (row, *here))
        if tuple(there) != here:
            reason = f"与第 {first} 行同一小区的坐标不一致"
            advice = "同一小区只能有一个坐标"
            faults.append(_error(row, "latitude_micro", record, reason, advice))
    return faults


def _conflicts_with_stored(
    row: int, record: CustomerRecord, existing: Existing | None, known: Known
) -> list[RowError]:
    faults = []
    owner = known.by_no.get(record.account_no)
    if owner is not None and (existing is None or owner.account_id != existing.account_id):
        reason = f"户号已属于外部编号“{owner.record.external_key}”的用户"
        faults.append(_error(row, "account_no", record, reason, "请更正户号或外部编号"))
    if existing is not None:
        return faults + _illegal_changes(row, record, existing, known)
    namesake = known.by_key.get(record.external_key)
    if namesake is not None and not faults:
        reason = f"外部编号已属于户号 {namesake.record.account_no} 的用户"
        faults.append(_error(row, "external_key", record, reason, "请填写另一个外部编号"))
    point = known.points.get((record.place, record.commodity))
    if point is not None and (point.valid_until is None or point.valid_until > record.valid_from):
        reason = f"该房屋已有用户，户号 {point.account_no}"
        advice = "请核对房号；若已换人，请先为原用户办理迁出"
        faults.append(_error(row, "room", record, reason, advice))
    return faults


def _illegal_changes(
    row: int, record: CustomerRecord, existing: Existing, known: Known
) -> list[RowError]:
    old = existing.record
    faults = []
    if record.commodity != old.commodity:
        reason, advice = "用能类型不能更改", "请为新的用能类型另立户号"
        faults.append(_error(row, "commodity", record, reason, advice))
    if record.valid_from < old.valid_from:
        reason = f"早于现有协议的起始日期 {old.valid_from}"
        faults.append(_error(row, "valid_from", record, reason, "请填写现有协议之后的日期"))
    terms_change = (record.plan_code, record.valid_from) != (old.plan_code, old.valid_from)
    if existing.valid_until is not None and terms_change:
        reason, advice = "该户已销户，协议不能更改", "请为新用户办理迁入"
        faults.append(_error(row, "valid_from", record, reason, advice))
    if record.place != old.place and record.place in known.premises:
        reason, advice = "该地址已有另一处房屋", "请核对小区、楼栋、单元和房号"
        faults.append(_error(row, "room", record, reason, advice))
    return faults
