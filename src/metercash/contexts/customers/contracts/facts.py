"""What prices ask of an account beside its registry: parts, supply, proofs, household, contract.

Every entry holds in ``[valid_from, valid_until)``; an open one has no end. ``fact_id`` is 0 until stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from metercash.kernel.errors import MetercashError


class FactKind(StrEnum):
    """The kinds of entries."""

    AREA_PART = "AREA_PART"
    SUPPLY = "SUPPLY"
    EVIDENCE = "EVIDENCE"
    HOUSEHOLD = "HOUSEHOLD"
    CONTRACT = "CONTRACT"
    TRANSFORMER = "TRANSFORMER"
    SUSPENSION = "SUSPENSION"


class GapKind(StrEnum):
    """Why a service point is not supplied."""

    STOPPED = "STOPPED"
    NOT_CONNECTED = "NOT_CONNECTED"


PART_LABELS = {
    "BALCONY": "封闭阳台",
    "BALCONY_OPEN": "敞开阳台",
    "STAIRWELL": "楼梯间",
    "STAIRWELL_BARE": "楼梯间（无供热设施）",
    "STAIRWELL_PIPES": "楼梯间（有管道）",
    "STAIRWELL_RADIATORS": "楼梯间（有散热器）",
    "ATTIC": "阁楼",
    "BASEMENT": "地下室",
    "GARAGE": "车库",
    "UNHEATED": "不供热部位",
}
"""Parts that price documents name."""

EVIDENCE_LABELS = {
    "LOW_INCOME": "低保",
    "SEVERAL_PERSONS": "多人口家庭",
    "FLAT_RATE_CHOSEN": "选择合表电价",
    "ELECTRIC_HEATING": "电采暖",
    "METER_FAULTY": "表计故障",
    "EARLY_PAYMENT": "提前交费",
    "IN_ARREARS": "有陈欠",
    "NEW_CONNECTION": "新装用电",
    "MARKET": "参加市场交易",
    "RETURNED_FROM_MARKET": "退出市场交易",
    "REIMBURSED": "单位报销热费",
}
"""Proofs that price documents ask for often; a document may name others."""

GAP_LABELS = {GapKind.STOPPED: "停供", GapKind.NOT_CONNECTED: "首次接入前"}


@dataclass(frozen=True, slots=True)
class PartOfArea:
    """An area beside the chargeable one.

    Attributes:
        part: A key of ``PART_LABELS``.
        area_milli: Thousandths of a square meter.
        height_mm: Clear height in millimeters; 0 when unknown.
    """

    part: str
    area_milli: int
    valid_from: date
    height_mm: int = 0
    valid_until: date | None = None
    fact_id: int = 0


@dataclass(frozen=True, slots=True)
class SupplyGap:
    """Days without supply.

    Attributes:
        valid_from: First day without; ``None`` for a point that was never connected before.
        valid_until: First day with supply; ``None`` until it is resumed.
    """

    kind: str
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""
    fact_id: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proof the customer has shown.

    Attributes:
        code: Upper-case name that price documents ask for.
        reference: Number of the paper it was shown with.
        recorded_by: Who took it in; written by the house.
    """

    code: str
    valid_from: date
    valid_until: date | None = None
    reference: str = ""
    note: str = ""
    recorded_by: str = ""
    fact_id: int = 0


@dataclass(frozen=True, slots=True)
class HouseholdSize:
    """Persons of the household from a day on."""

    size: int
    valid_from: date
    fact_id: int = 0


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What a commercial customer has agreed; ``None`` is not agreed.

    Attributes:
        contract_demand_milli: Contracted demand, thousandths of a kW.
        capacity_milli: Contracted capacity, thousandths of a kVA.
        power_factor_milli: Agreed power factor in thousandths, at most 1000.
    """

    valid_from: date
    contract_demand_milli: int | None = None
    capacity_milli: int | None = None
    power_factor_milli: int | None = None
    valid_until: date | None = None
    fact_id: int = 0


@dataclass(frozen=True, slots=True)
class SuspensionSpan:
    """Agreed suspension (暂停) of the transformer of that name."""

    transformer: str
    valid_from: date
    valid_until: date
    fact_id: int = 0


@dataclass(frozen=True, slots=True)
class TransformerEntry:
    """A transformer or high-voltage motor and the days it is connected.

    Attributes:
        capacity_milli: Rated capacity, thousandths of a kVA.
        interlock: Name shared by those of which an interlock lets only one run.
        model: Name of its losses in the price document.
        suspensions: Its agreed suspensions; written apart, by ``SuspensionSpan``.
    """

    name: str
    capacity_milli: int
    valid_from: date
    valid_until: date | None = None
    interlock: str = ""
    model: str = ""
    suspensions: tuple[SuspensionSpan, ...] = ()
    fact_id: int = 0


AccountFact = (
    PartOfArea
    | SupplyGap
    | Evidence
    | HouseholdSize
    | ContractTerms
    | TransformerEntry
    | SuspensionSpan
)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """All entries of an account, each kind by time."""

    parts: tuple[PartOfArea, ...] = ()
    gaps: tuple[SupplyGap, ...] = ()
    evidences: tuple[Evidence, ...] = ()
    household: tuple[HouseholdSize, ...] = ()
    contracts: tuple[ContractTerms, ...] = ()
    transformers: tuple[TransformerEntry, ...] = ()


class FactOverlap(MetercashError):
    """An entry of the same kind holds in some of these days."""

    code = "customers.fact_overlap"
    status = 409
    message_zh = "这段时间里已有同类记录，请先终止或删除原记录。"
    message_en = "An entry of that kind already holds in some of these days."


class FactNotFound(MetercashError):
    """No such entry for this account."""

    code = "customers.fact_not_found"
    status = 404
    message_zh = "该户没有编号为 {fact_id} 的这类记录。"
    message_en = "The account has no such entry with id {fact_id}."
