"""What other rooms may know of customers: frozen values, enums and named failures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from metercash.contexts.customers.contracts.facts import EVIDENCE_LABELS as EVIDENCE_LABELS
from metercash.contexts.customers.contracts.facts import GAP_LABELS as GAP_LABELS
from metercash.contexts.customers.contracts.facts import PART_LABELS as PART_LABELS
from metercash.contexts.customers.contracts.facts import AccountFact as AccountFact
from metercash.contexts.customers.contracts.facts import AccountFacts as AccountFacts
from metercash.contexts.customers.contracts.facts import ContractTerms as ContractTerms
from metercash.contexts.customers.contracts.facts import Evidence as Evidence
from metercash.contexts.customers.contracts.facts import FactKind as FactKind
from metercash.contexts.customers.contracts.facts import FactNotFound as FactNotFound
from metercash.contexts.customers.contracts.facts import FactOverlap as FactOverlap
from metercash.contexts.customers.contracts.facts import GapKind as GapKind
from metercash.contexts.customers.contracts.facts import HouseholdSize as HouseholdSize
from metercash.contexts.customers.contracts.facts import PartOfArea as PartOfArea
from metercash.contexts.customers.contracts.facts import SupplyGap as SupplyGap
from metercash.contexts.customers.contracts.facts import SuspensionSpan as SuspensionSpan
from metercash.contexts.customers.contracts.facts import TransformerEntry as TransformerEntry
from metercash.kernel.errors import MetercashError
from metercash.rating.facts_heat import AreaPart, Supply
from metercash.rating.facts_power import Transformer


class Commodity(StrEnum):
    """What a service point delivers."""

    HEAT = "HEAT"
    POWER = "POWER"


class Category(StrEnum):
    """The customer category a tariff asks for."""

    RESIDENT = "RESIDENT"
    NON_RESIDENT = "NON_RESIDENT"
    LOW_INCOME = "LOW_INCOME"


class PartyKind(StrEnum):
    """Whether a party is a natural person or an organization."""

    PERSON = "PERSON"
    ORGANIZATION = "ORGANIZATION"


class SupplyStatus(StrEnum):
    """Whether a service point is being supplied."""

    SUPPLIED = "SUPPLIED"
    STOPPED = "STOPPED"


class AccountStatus(StrEnum):
    """Whether an account still holds an agreement."""

    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"


class ContactKind(StrEnum):
    """How a contact reaches somebody."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"
    WECHAT = "WECHAT"
    POST = "POST"


class ContactQuality(StrEnum):
    """How far a contact may be trusted."""

    UNVERIFIED = "UNVERIFIED"
    CONFIRMED = "CONFIRMED"
    WRONG = "WRONG"


COMMODITY_LABELS = {Commodity.HEAT: "供热", Commodity.POWER: "供电"}
CATEGORY_LABELS = {
    Category.RESIDENT: "居民",
    Category.NON_RESIDENT: "非居民",
    Category.LOW_INCOME: "低保",
}
PARTY_KIND_LABELS = {PartyKind.PERSON: "个人", PartyKind.ORGANIZATION: "单位"}
SUPPLY_LABELS = {SupplyStatus.SUPPLIED: "正常", SupplyStatus.STOPPED: "停供"}


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """One line about an account.

    Attributes:
        phone: The primary phone, or empty.
        area_milli: Chargeable area in m² × 1000.
        status: ``ACTIVE``, ``STOPPED`` (supply stopped) or ``CLOSED`` (moved out).
    """

    account_id: int
    account_no: str
    name: str
    phone: str
    address: str
    community: str
    category: str
    commodity: str
    plan_code: str
    area_milli: int
    status: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach the holder of an account, with its quality mark."""

    contact_id: int
    kind: str
    value: str
    quality: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class AgreementView:
    """Terms in force from ``valid_from`` until the day before ``valid_until``."""

    agreement_id: int
    service_point_id: int
    party_name: str
    plan_code: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """All about an account: the summary's fields, its place, its contacts and its agreements.

    Attributes:
        id_number_masked: The holder's identity number with its middle hidden.
        height_mm: Storey height in millimeters; zero where unknown.
        valid_from: Start of the latest agreement.
        valid_until: Day after the last day of the latest agreement, None while it is open.
    """

    account_id: int
    account_no: str
    name: str
    phone: str
    address: str
    community: str
    category: str
    commodity: str
    plan_code: str
    area_milli: int
    status: str
    external_key: str
    party_id: int
    party_kind: str
    id_number_masked: str
    premises_id: int
    building_id: int
    community_id: int
    service_point_id: int
    household_size: int
    height_mm: int
    building_area_milli: int
    usable_area_milli: int
    inside_area_milli: int
    chargeable_area_milli: int
    supply_status: str
    valid_from: date
    valid_until: date | None
    contacts: tuple[Contact, ...] = ()
    agreements: tuple[AgreementView, ...] = ()


@dataclass(frozen=True, slots=True)
class PowerContract:
    """What a commercial customer has agreed; ``None`` is unknown.

    Attributes:
        contract_demand_milli: Contracted demand, thousandths of a kW.
        capacity_milli: Contracted capacity, thousandths of a kVA.
        transformers: What capacity and iron loss are counted on.
        power_factor: Agreed power factor of an account without a reactive meter.
    """

    contract_demand_milli: int | None = None
    capacity_milli: int | None = None
    transformers: tuple[Transformer, ...] = ()
    power_factor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BillingFacts:
    """What rating must know of one agreement within a period.

    An account whose owner or plan changed inside the period yields one value per agreement, in order of
    time; ``[valid_from, valid_until)`` are the agreement's own dates, not cut to the period.

    Attributes:
        held_from, held_until: Days ``[from, until)`` of the owner, whatever his plans; ``None`` for
            the agreement's first day, and while he has not left.
        usable_area_milli: Usable area where it is known apart, thousandths of a square meter.
        parts: Areas beside the chargeable one.
        supply: How the home is supplied in the season; ``heated_from`` is the first day of a late start.
        evidence: Proofs valid on the first day of the period.
        household_from: First day the allowance of a large household holds; ``None`` for always.
        power: What a commercial customer has agreed.
    """

    account_id: int
    account_no: str
    name: str
    address: str
    community_id: int
    building_id: int
    service_point_id: int
    category: str
    commodity: str
    plan_code: str
    area_milli: int
    height_mm: int
    household_size: int
    valid_from: date
    valid_until: date | None
    supply_status: str = "SUPPLIED"
    held_from: date | None = None
    held_until: date | None = None
    usable_area_milli: int | None = None
    parts: tuple[AreaPart, ...] = ()
    supply: Supply = Supply.HEATED
    heated_from: date | None = None
    evidence: frozenset[str] = frozenset()
    household_from: date | None = None
    power: PowerContract | None = None


@dataclass(frozen=True, slots=True)
class Community:
    """A housing estate; coordinates are WGS-84 degrees, None where unknown."""

    id: int
    name: str
    latitude: float | None
    longitude: float | None
    account_count: int


@dataclass(frozen=True, slots=True)
class Building:
    """A building of a community."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class GridCell:
    """One home on the floor × unit grid; the account fields are empty where nobody is supplied."""

    floor: int
    unit: str
    room: str
    account_id: int | None
    account_no: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class PartyInput:
    """A person or organization as given by a clerk."""

    name: str
    kind: str = PartyKind.PERSON
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one field of one row.

    Attributes:
        row: Row number as the spreadsheet shows it (the header is row 1).
        field: Column header; empty when the whole row is meant.
        value: The value found.
        reason: What is wrong, in Chinese.
        advice: What to do about it, in Chinese.
    """

    row: int
    field: str
    value: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or on a dry run would do.

    Attributes:
        rows: Rows with any content below the header.
        written: Whether anything was written; False on a dry run and when errors stopped the file.
        skipped: Valid rows that were held back because the file had errors.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    errors: list[RowError] = field(default_factory=list)
    written: bool = False
    skipped: int = 0


class AccountNotFound(MetercashError):
    """No such account for this tenant."""

    code = "customers.account_not_found"
    status = 404
    message_zh = "没有找到户号或编号为“{account}”的用户。"
    message_en = "Account '{account}' was not found."


class ServicePointNotFound(MetercashError):
    """No such service point for this tenant."""

    code = "customers.service_point_not_found"
    status = 404
    message_zh = "没有找到用热（用电）点 {service_point}。"
    message_en = "Service point {service_point} was not found."


class AgreementOverlap(MetercashError):
    """The service point already has an agreement in that time."""

    code = "customers.agreement_overlap"
    status = 409
    message_zh = "该房屋在 {since} 起已有生效的用能协议（户号 {account_no}），请先办理迁出。"
    message_en = "The service point already has an agreement from {since} (account {account_no})."


class AccountNumberTaken(MetercashError):
    """The account number belongs to somebody else."""

    code = "customers.account_number_taken"
    status = 409
    message_zh = "户号“{account_no}”已被使用，请换一个。"
    message_en = "Account number '{account_no}' is already in use."


class DateOutsideAgreement(MetercashError):
    """An effective date before the agreement began, or on a closed account."""

    code = "customers.date_outside_agreement"
    status = 422
    message_zh = "日期 {on} 不在现有协议的有效期内（{since} 起），请核对生效日期。"
    message_en = "{on} is outside the agreement in force from {since}."


class FileUnreadable(MetercashError):
    """The uploaded file is no table we can read."""

    code = "customers.file_unreadable"
    status = 422
    message_zh = "无法读取文件“{filename}”：{reason}"
    message_en = "Cannot read '{filename}': {reason}"
