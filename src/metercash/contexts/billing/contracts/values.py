"""What billing hands out and what can go wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from metercash.kernel.interval import Interval
from metercash.rating.bill import sentence_en, sentence_zh


EXECUTE_RUN = "billing.execute_run"
"""Name of the background job that executes a run; its argument is ``run_id``."""


class RunStatus(StrEnum):
    """Life of a bill run."""

    DRAFT = "DRAFT"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class ChunkState(StrEnum):
    """A chunk is one transaction: it is done wholly or not at all."""

    PENDING = "PENDING"
    DONE = "DONE"


class BillStatus(StrEnum):
    """A bill is posted when it is written; it leaves that state only by reversal."""

    POSTED = "POSTED"
    REVERSED = "REVERSED"


class BillFilter(StrEnum):
    """States a list of bills can be filtered by; derived from the status and the open amount."""

    UNPAID = "UNPAID"
    PART_PAID = "PART_PAID"
    PAID = "PAID"
    OVERDUE = "OVERDUE"
    REVERSED = "REVERSED"


class Reason(StrEnum):
    """Why a rated bill waits for a person instead of being posted."""

    NO_AGREEMENT = "NO_AGREEMENT"
    NO_PRICE = "NO_PRICE"
    NOT_RATABLE = "NOT_RATABLE"
    MISSING_READS = "MISSING_READS"
    NEGATIVE = "NEGATIVE"
    ZERO = "ZERO"
    DUPLICATE = "DUPLICATE"
    HIGH = "HIGH"
    LOW = "LOW"
    JUMP = "JUMP"


REASON_LABELS: Mapping[Reason, str] = {
    Reason.NO_AGREEMENT: "账期内没有有效的供用合同",
    Reason.NO_PRICE: "没有生效的价格",
    Reason.NOT_RATABLE: "无法计价",
    Reason.MISSING_READS: "缺少抄表数据",
    Reason.NEGATIVE: "账单金额为负",
    Reason.ZERO: "账单金额为零",
    Reason.DUPLICATE: "该账期已出账",
    Reason.HIGH: "用量明显高于历史",
    Reason.LOW: "用量明显低于历史",
    Reason.JUMP: "金额较上期突变",
}

POSTABLE_REASONS = frozenset(
    {Reason.MISSING_READS, Reason.ZERO, Reason.HIGH, Reason.LOW, Reason.JUMP}
)


class ExceptionStatus(StrEnum):
    """Life of an exception."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    SUPERSEDED = "SUPERSEDED"


@dataclass(frozen=True, slots=True)
class BillLine:
    """One printed line.

    Attributes:
        label, label_en: What the price document calls it, in Chinese and in English.
        amount_fen: Rounded amount; lines always sum to the bill.
        because: Why, as data: document and clause, inputs, arithmetic, exact amount, rounding.
    """

    code: str
    label: str
    label_en: str
    quantity: str
    unit: str
    price: str
    amount_fen: int
    because: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """Why, as one sentence for the customer."""
        return sentence_zh(self.because)

    @property
    def sentence_en(self) -> str:
        """Why, in English."""
        return sentence_en(self.because)


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill in a list."""

    bill_id: int
    bill_no: str
    account_id: int
    account_no: str
    name: str
    community_id: int
    commodity: str
    plan_code: str
    period_from: date
    period_until: date
    purpose: str
    generation: int
    usage_milli: int
    total_fen: int
    open_fen: int
    due_date: date
    issued_at: datetime | None
    status: str
    run_id: int | None

    @property
    def paid_fen(self) -> int:
        """What has been settled so far."""
        return self.total_fen - self.open_fen if self.status == BillStatus.POSTED else 0

    @property
    def payment_state(self) -> BillFilter:
        """How far the bill is settled; overdue depends on the day and is left to the reader."""
        if self.status == BillStatus.REVERSED:
            return BillFilter.REVERSED
        if self.open_fen == 0:
            return BillFilter.PAID
        return BillFilter.UNPAID if self.open_fen == self.total_fen else BillFilter.PART_PAID


@dataclass(frozen=True, slots=True)
class BillDetail:
    """A bill with everything needed to print and to explain it.

    Attributes:
        bill_id: None in a preview.
        determinants: Quantities it was computed from, in thousandths of their unit.
        citations: Price documents in force on the days of the period.
        replaces_bill_id: The reversed bill this one stands in for.
        reasons: Why it would wait for a person; empty on a posted bill that passed every check.
    """

    bill_id: int | None
    bill_no: str
    account_id: int
    account_no: str
    name: str
    address: str
    community_id: int
    category: str
    commodity: str
    plan_code: str
    area_milli: int
    period: Interval[date]
    purpose: str
    generation: int
    usage_milli: int
    usage_unit: str
    lines: tuple[BillLine, ...]
    total_fen: int
    open_fen: int
    due_date: date | None
    issued_at: datetime | None
    status: str
    determinants: Mapping[str, int]
    estimated_milli: int
    citations: tuple[str, ...]
    replaces_bill_id: int | None
    reversal_reason: str
    reasons: tuple[ReasonFound, ...]


@dataclass(frozen=True, slots=True)
class ReasonFound:
    """One failed check with its evidence."""

    reason: Reason
    sentence: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BillTotals:
    """Sums over a filtered list."""

    bills: int
    total_fen: int
    open_fen: int

    @property
    def paid_fen(self) -> int:
        """What has been settled."""
        return self.total_fen - self.open_fen


@dataclass(frozen=True, slots=True)
class CommunityTotals:
    """Sums over the standing bills of one community; overdue as of the day asked for."""

    community_id: int
    bills: int
    total_fen: int
    open_fen: int
    overdue_bills: int
    overdue_fen: int


@dataclass(frozen=True, slots=True)
class StageCounts:
    """What every stage of a run handed on.

    selected = rated + excepted, and billed = posted; an approved exception is billed later and is not
    counted here again. ``verified`` of the billed were made again by the second calculator.
    """

    selected: int = 0
    aggregated: int = 0
    rated: int = 0
    excepted: int = 0
    billed: int = 0
    posted: int = 0
    verified: int = 0

    def __add__(self, other: StageCounts) -> StageCounts:
        return StageCounts(
            self.selected + other.selected,
            self.aggregated + other.aggregated,
            self.rated + other.rated,
            self.excepted + other.excepted,
            self.billed + other.billed,
            self.posted + other.posted,
            self.verified + other.verified,
        )


@dataclass(frozen=True, slots=True)
class StageSeconds:
    """Where a run spent its time, summed over its processes, in milliseconds."""

    gather_ms: int = 0
    aggregate_ms: int = 0
    rate_ms: int = 0
    write_ms: int = 0

    def __add__(self, other: StageSeconds) -> StageSeconds:
        return StageSeconds(
            self.gather_ms + other.gather_ms,
            self.aggregate_ms + other.aggregate_ms,
            self.rate_ms + other.rate_ms,
            self.write_ms + other.write_ms,
        )


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run and how far it is.

    Attributes:
        accounts: How many accounts were selected when the run was made.
        already_billed: Accounts left out at selection, because the period is billed.
        total_fen: Sum of the bills posted.
    """

    run_id: int
    period: Interval[date]
    purpose: str
    commodity: str
    plan_code: str
    due_date: date
    status: str
    accounts: int
    already_billed: int
    chunks: int
    chunks_done: int
    counts: StageCounts
    spent: StageSeconds
    total_fen: int
    failure: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    elapsed_ms: int

    @property
    def percent(self) -> int:
        """Progress in whole percent."""
        if self.status == RunStatus.DONE:
            return 100
        return 100 * self.chunks_done // self.chunks if self.chunks else 0


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run reports after every chunk.

    Attributes:
        rate: Agreements per second since this execution began.
        eta_s: Seconds left at that rate; None before the first chunk.
    """

    run_id: int
    done: int
    total: int
    chunks_done: int
    chunks: int
    rate: int
    eta_s: int | None


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """A bill that waits for a decision.

    Attributes:
        stake_fen: The amount that is not billed while it waits.
    """

    exception_id: int
    run_id: int
    account_id: int
    account_no: str
    name: str
    community_id: int
    period: Interval[date]
    reason: Reason
    reasons: tuple[ReasonFound, ...]
    stake_fen: int
    status: str
    raised_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    decision_note: str
    bill_id: int | None

    @property
    def label(self) -> str:
        """The main reason in words."""
        return REASON_LABELS[self.reason]


@dataclass(frozen=True, slots=True)
class HistoryBar:
    """One earlier bill of the same account, for comparison."""

    bill_id: int
    period: Interval[date]
    usage_milli: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The bill beside the account's own history and beside similar homes.

    Attributes:
        similar_homes_average_fen: None where fewer than ``similar_homes_minimum`` homes are comparable, so
            that nobody's bill can be guessed.
    """

    own_history: tuple[HistoryBar, ...]
    similar_homes_average_fen: int | None
    similar_homes_average_usage_milli: int | None
    similar_homes_count: int
    similar_homes_minimum: int
