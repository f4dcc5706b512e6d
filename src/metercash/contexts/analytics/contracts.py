"""Figures for managers, each with the filter that opens it down to its bills or payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from metercash.kernel.interval import Interval


class Step(StrEnum):
    """How finely a trend is cut."""

    DAY = "DAY"
    MONTH = "MONTH"


@dataclass(frozen=True, slots=True)
class Opening:
    """Which list a figure stands for, in the words of that list's own filter.

    Attributes:
        what: ``bills`` (the filter of ``billing.api.list_bills``), ``payments`` (of
            ``payments.api.list_payments``) or ``readings`` (``metering.api.collection_rate``).
    """

    what: str = "bills"
    status: str | None = None
    community_id: int | None = None
    run_id: int | None = None
    as_of: date | None = None
    due: Interval[date] | None = None
    period: Interval[date] | None = None
    channel: str | None = None

    def parameters(self) -> dict[str, str]:
        """The filter as query parameters of a list page; what is open is left out."""
        pairs: dict[str, object] = {
            "status": self.status,
            "community_id": self.community_id,
            "run_id": self.run_id,
            "as_of": self.as_of,
            "channel": self.channel,
        }
        for name, interval in (("due", self.due), ("period", self.period)):
            if interval is not None:
                pairs[f"{name}_from"], pairs[f"{name}_until"] = interval.start, interval.end
        return {name: str(value) for name, value in pairs.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in fen, how many bills or payments it counts, and how to open it."""

    fen: int
    count: int
    opening: Opening


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Billed and collected for the bills of one billing period.

    Attributes:
        rate_milli: Collected of billed in thousandths, rounded down; 1000 only when all is paid.
    """

    period: Interval[date]
    billed: Amount
    collected: Amount
    rate_milli: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of the money on a day.

    Attributes:
        billed: 应收: all standing bills.
        collected: 实收: what has been settled of them.
        rate_milli: 收费率 in thousandths over all standing bills.
        current, previous: The latest billing period and the one before; None before the first run.
        open: Bills not wholly settled, due or not.
        overdue: Bills due before the day, principal only.
        late_fee_fen: Open late fees (违约金) in the ledger.
        arrears_fen: Overdue principal and open late fees together.
        prepaid_fen: Customers' unused prepayments.
        reads_expected, reads_received: Meters installed and heard on the day before.
        read_rate_milli: Received of expected in thousandths; None where no meter is installed.
    """

    as_of: date
    billed: Amount
    collected: Amount
    rate_milli: int
    current: PeriodFigures | None
    previous: PeriodFigures | None
    open: Amount
    overdue: Amount
    late_fee_fen: int
    arrears_fen: int
    prepaid_fen: int
    read_day: date
    reads_expected: int
    reads_received: int
    read_rate_milli: int | None
    reads: Opening


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """Money taken in one step of a trend, and since the trend's start.

    Attributes:
        billed_fen: Standing bills of all runs, the denominator of the cumulative rate.
        rate_milli: ``cumulative_fen`` of ``billed_fen`` in thousandths, at most 1000.
    """

    period: Interval[date]
    collected: Amount
    cumulative_fen: int
    billed_fen: int
    rate_milli: int


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Overdue items by how many days they are late.

    Attributes:
        days_from: First day late counted in, from one.
        days_until: First day late no longer counted in; None in the last band.
    """

    days_from: int
    days_until: int | None
    principal: Amount
    late_fee_fen: int
    share_milli: int


@dataclass(frozen=True, slots=True)
class ChannelShare:
    """What one channel took in."""

    channel: str
    label: str
    taken: Amount
    share_milli: int


@dataclass(frozen=True, slots=True)
class CommunityArrears:
    """One community on the map of arrears; coordinates WGS-84, None where unknown."""

    community_id: int
    name: str
    latitude: float | None
    longitude: float | None
    accounts: int
    billed_fen: int
    collected_fen: int
    rate_milli: int
    overdue: Amount


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """One station on the way of a reading.

    Attributes:
        unit: ``values`` (quarter-hours or reads), ``bills`` or ``payments``.
        arrived: What the station before handed over, None at the start of a unit.
        passed: What this station handed on.
        held: What it kept back with a reason: refused values, exceptions, suspense, not yet banked.
        fen: Amount of what passed, None before there is money.
    """

    code: str
    label: str
    unit: str
    arrived: int | None
    passed: int
    held: int
    fen: int | None = None

    @property
    def agrees(self) -> bool:
        """Whether what arrived was handed on or held with a reason."""
        return self.arrived is None or self.arrived == self.passed + self.held


@dataclass(frozen=True, slots=True)
class Funnel:
    """``read → accepted → rated → billed → posted → paid → banked`` from the contexts' own records."""

    stages: tuple[FunnelStage, ...]

    @property
    def agrees(self) -> bool:
        """Whether every hand-over agrees."""
        return all(stage.agrees for stage in self.stages)

    def counts(self) -> dict[str, int]:
        """What passed each station, by its code."""
        return {stage.code: stage.passed for stage in self.stages}


@dataclass(frozen=True, slots=True)
class Refused:
    """An account the new price cannot rate, and why."""

    account_no: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one account paid and would pay.

    Attributes:
        evidence: Codes of the proofs it holds, such as ``LOW_INCOME``.
    """

    account_no: str
    community_id: int
    category: str
    area_milli: int
    evidence: frozenset[str]
    before_fen: int
    after_fen: int

    @property
    def change_fen(self) -> int:
        """How much more it would pay."""
        return self.after_fen - self.before_fen


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that have something in common.

    Attributes:
        median_fen: Change of the account in the middle; of two in the middle the smaller.
    """

    name: str
    accounts: int
    before_fen: int
    after_fen: int
    more: int
    less: int
    median_fen: int

    @property
    def same(self) -> int:
        """Accounts that would pay what they paid."""
        return self.accounts - self.more - self.less

    @property
    def change_fen(self) -> int:
        """How much more all of them would pay."""
        return self.after_fen - self.before_fen


@dataclass(frozen=True, slots=True)
class Impact:
    """The whole population and its parts; every part of a division holds each account once.

    Attributes:
        deciles: By what accounts paid, the smallest tenth first.
        subsidies: By proof; accounts without one are not among them.
    """

    whole: Group
    deciles: tuple[Group, ...]
    areas: tuple[Group, ...]
    communities: tuple[Group, ...]
    categories: tuple[Group, ...]
    subsidies: tuple[Group, ...]
    increases: tuple[Change, ...]
    decreases: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What another price would make of the bills of a past period.

    Attributes:
        refused: Accounts the new price cannot rate; they are in no group.
        not_reproduced: Accounts whose bill its own documents and facts no longer make.
    """

    impact: Impact
    refused: tuple[Refused, ...]
    not_reproduced: tuple[str, ...]
