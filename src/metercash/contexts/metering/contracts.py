"""What other rooms may know of metering: frozen values, enums and named failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import IntFlag, StrEnum

from metercash.kernel.errors import MetercashError
from metercash.kernel.quantity import plain


class Method(IntFlag):
    """How the values of a day came about; several may meet in one day."""

    NONE = 0
    MEASURED = 1
    SPLIT = 2
    LINEAR = 4
    LIKE_DAY = 8
    REGISTER = 16
    REGISTER_INTERPOLATED = 32


class Flag(IntFlag):
    """What validation found in a day; a flag never removes a value."""

    NONE = 0
    MISSING = 1
    NEGATIVE = 2
    SPIKE = 4
    ZERO_RUN = 8
    STUCK = 16
    HIGH = 32
    LOW = 64


class ReadSource(StrEnum):
    """Who brought a register read."""

    READER = "READER"
    CUSTOMER = "CUSTOMER"
    REMOTE = "REMOTE"
    IMPORT = "IMPORT"


class RegisterKind(StrEnum):
    """What a register counts: energy used, reactive energy drawn or fed back, or keeps: demand.

    ``MAX_DEMAND`` shows the highest demand since the read before, in kW, and is set back with each.
    """

    ACTIVE = "ACTIVE"
    REACTIVE = "REACTIVE"
    REVERSE_REACTIVE = "REVERSE_REACTIVE"
    MAX_DEMAND = "MAX_DEMAND"


class BatchKind(StrEnum):
    """What a batch of interval values is."""

    IMPORT = "IMPORT"
    ESTIMATE = "ESTIMATE"


REGISTER_LABELS = {
    RegisterKind.ACTIVE: "有功",
    RegisterKind.REACTIVE: "正向无功",
    RegisterKind.REVERSE_REACTIVE: "反向无功",
    RegisterKind.MAX_DEMAND: "最大需量",
}
FLAG_LABELS = {
    Flag.MISSING: "缺数",
    Flag.NEGATIVE: "负值",
    Flag.SPIKE: "突变",
    Flag.ZERO_RUN: "长时间为零",
    Flag.STUCK: "数值不变",
    Flag.HIGH: "偏高",
    Flag.LOW: "偏低",
}
METHOD_LABELS = {
    Method.MEASURED: "实测",
    Method.SPLIT: "按时段均分",
    Method.LINEAR: "线性插补",
    Method.LIKE_DAY: "相似日估算",
    Method.REGISTER: "表底示数",
    Method.REGISTER_INTERPOLATED: "示数按日推算",
}


@dataclass(frozen=True, slots=True)
class NewInstallation:
    """A meter to put on a service point.

    Attributes:
        unit: ``kWh`` or ``GJ``, the unit of its register.
        register_digits: Digits before the decimal point; the register rolls over at ``10 ** digits``.
        multiplier_milli: Instrument transformer ratio × 1000.
        start_register_milli: Register at installation × 1000.
    """

    service_point_id: int
    device_no: str
    installed_on: date
    unit: str = "kWh"
    register_digits: int = 6
    multiplier_milli: int = 1000
    start_register_milli: int = 0


@dataclass(frozen=True, slots=True)
class Installation:
    """A meter at a service point during ``[installed_on, removed_on)``."""

    installation_id: int
    service_point_id: int
    device_id: int
    device_no: str
    unit: str
    register_digits: int
    multiplier_milli: int
    installed_on: date
    removed_on: date | None
    start_register_milli: int
    end_register_milli: int | None


@dataclass(frozen=True, slots=True)
class RegisterRead:
    """What a register showed at the beginning of a day, × 1000; never changed, only superseded."""

    read_id: int
    installation_id: int
    service_point_id: int
    device_no: str
    read_on: date
    value_milli: int
    source: str
    note: str
    supersedes_id: int | None
    recorded_at: datetime
    register: RegisterKind = RegisterKind.ACTIVE

    @property
    def register_label(self) -> str:
        """What the register counts, in Chinese."""
        return REGISTER_LABELS[self.register]


@dataclass(frozen=True, slots=True)
class Announcement:
    """A day for which something that decides its zones was announced, such as heat.

    Attributes:
        name: What price documents call it.
        evidence: Number or address of what was published.
    """

    announcement_id: int
    name: str
    day: date
    evidence: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row of a file was refused; rows count from 1, the header being row 1."""

    row: int
    field: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"第 {self.row} 行“{self.field}”{self.reason}：{self.value}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file; ``read == accepted + refused``, counted in values.

    Attributes:
        errors: The first thousand refusals; ``refused`` counts all.
        flagged_days: Days on which validation found something.
        repeated: The very same file had been imported before; nothing was written.
    """

    batch_id: int
    sha256: str
    read: int
    accepted: int
    refused: int
    days: int
    flagged_days: int
    errors: list[RowError] = field(default_factory=list)
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class EstimateReport:
    """How many quarter-hours were filled, by method, and how many stay empty."""

    linear: int
    like_day: int
    still_missing: int
    days_written: int


@dataclass(frozen=True, slots=True)
class Determinants:
    """What a service point used in a period.

    Attributes:
        milli: Use per zone and in ``total``, in thousandths of ``unit``.
        estimated_milli: The part of the total that is estimated.
        days: Days of the period with any value.
        missing_days: Days of the period without a value for every quarter-hour.
        unfinished_days: Days of the period that were not over at the asked instant.
        methods: How the values came about.
        flags: What validation found.
        max_demand_milli: Highest demand, thousandths of a kW: what the demand register showed, read
            on both ends of the period, else the highest mean power of a quarter-hour; None where it
            was not asked for, or neither tells.
        reactive_milli: Reactive energy drawn, thousandths of a kvarh; None where it was not asked
            for, or no register counted it through the period.
        reverse_reactive_milli: Reactive energy fed back; 0 where no register counts it.
    """

    service_point_id: int
    milli: Mapping[str, int]
    estimated_milli: int
    days: int
    missing_days: int
    unfinished_days: int
    methods: Method
    flags: Flag
    unit: str = "kWh"
    max_demand_milli: int | None = None
    reactive_milli: int | None = None
    reverse_reactive_milli: int = 0

    @property
    def method_codes(self) -> tuple[str, ...]:
        """Names of the methods, for the explanation of a bill."""
        return tuple(str(method.name) for method in Method if method in self.methods)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One interval as measured: its start, its length and the use in it, None where nothing is known."""

    start: datetime
    minutes: int
    milli: int | None
    estimated: bool


@dataclass(frozen=True, slots=True)
class DayUsage:
    """The use of one day."""

    day: date
    milli: int
    estimated: bool
    unit: str = "kWh"

    @property
    def quantity(self) -> str:
        """The use with its unit, for people."""
        return f"{plain(Decimal(self.milli).scaleb(-3))} {self.unit}"


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """The use of one calendar month; ``month`` is its first day."""

    month: date
    milli: int
    estimated_milli: int
    days: int
    unit: str = "kWh"


@dataclass(frozen=True, slots=True)
class CollectionRate:
    """How complete a day is.

    Attributes:
        expected: Meters installed on the day.
        received: Meters with at least one measured value or register read of the day.
        estimated: Meters with at least one estimated value.
        points_expected, points_received, points_estimated: The same counted in quarter-hours of meters
            that deliver curves.
    """

    day: date
    expected: int
    received: int
    estimated: int
    points_expected: int
    points_received: int
    points_estimated: int

    @property
    def rate_milli(self) -> int:
        """Received per thousand expected; 1000 where nothing is expected."""
        return 1000 * self.received // self.expected if self.expected else 1000


class MeterUnknown(MetercashError):
    """No meter of that number is installed there at that time."""

    code = "metering.meter_unknown"
    status = 404
    message_zh = "{day} 没有找到安装在用的电表或热表“{device}”。"
    message_en = "No meter '{device}' is installed on {day}."


class InstallationOverlaps(MetercashError):
    """The meter or the service point is already taken at that time."""

    code = "metering.installation_overlaps"
    status = 409
    message_zh = "表计或用户在该时间已有安装记录，请先拆表。"
    message_en = "The meter or the service point already has an installation at that time."


class ReadExists(MetercashError):
    """The register was already read on that day; a correction must name the read it supersedes."""

    code = "metering.read_exists"
    status = 409
    message_zh = "{day} 已有示数 {value}，如需更正请使用“更正示数”。"
    message_en = "A read of {day} exists ({value}); correct it instead."


class RegisterDecreased(MetercashError):
    """The register is lower than before and no rollover explains it."""

    code = "metering.register_decreased"
    status = 422
    message_zh = "示数 {value} 小于上次 {previous}，也不像是翻转，请复核。"
    message_en = "The read {value} is below the previous {previous} and no rollover explains it."


class FileUnreadable(MetercashError):
    """The file as a whole is not what an import takes."""

    code = "metering.file_unreadable"
    status = 422
    message_zh = "文件无法读取：{reason}"
    message_en = "The file cannot be read: {reason}"
