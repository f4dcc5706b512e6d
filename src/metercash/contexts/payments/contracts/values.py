"""Money facts, orders, shifts, receipts and breaks as others see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from metercash.kernel.money import Money


class Provider(StrEnum):
    """Where money reaches us."""

    WECHAT = "WECHAT"
    COUNTER = "COUNTER"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"WECHAT": "微信支付", "COUNTER": "柜台"}[self.value]


class Method(StrEnum):
    """What a customer hands over at the counter."""

    CASH = "CASH"
    POS = "POS"
    TRANSFER = "TRANSFER"
    BALANCE = "BALANCE"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _METHOD_NAMES[self.value]


_METHOD_NAMES = {"CASH": "现金", "POS": "POS刷卡", "TRANSFER": "转账", "BALANCE": "预存余额"}


class FactKind(StrEnum):
    """Which way money moved."""

    PAYMENT = "PAYMENT"
    REFUND = "REFUND"


class FactOutcome(StrEnum):
    """What was done about a fact.

    ``CREDITED``: it stands on a customer's account. ``SUSPENSE``: it waits as 不明款 under a break.
    ``ASSIGNED``: it was taken out of suspense and credited. ``RETURNED``: it went back where it came from.
    """

    CREDITED = "CREDITED"
    SUSPENSE = "SUSPENSE"
    ASSIGNED = "ASSIGNED"
    RETURNED = "RETURNED"


class Source(StrEnum):
    """Who told us."""

    NOTIFICATION = "NOTIFICATION"
    QUERY = "QUERY"
    STATEMENT = "STATEMENT"
    TELLER = "TELLER"


class OrderStatus(StrEnum):
    """What we know of an order; whether money exists is decided by facts alone."""

    DRAFT = "DRAFT"
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    SUCCEEDED_LATE = "SUCCEEDED_LATE"
    CLOSED = "CLOSED"
    FAILED = "FAILED"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _STATUS_NAMES[self.value]


_STATUS_NAMES = {
    "DRAFT": "待下单", "PENDING": "待支付", "SUCCEEDED": "已支付", "SUCCEEDED_LATE": "关单后到账",
    "CLOSED": "已关闭", "FAILED": "下单失败",
}  # fmt: skip


class BreakKind(StrEnum):
    """What does not agree."""

    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    AMOUNT = "AMOUNT"
    MERCHANT = "MERCHANT"
    DUPLICATE = "DUPLICATE"
    CONFLICT = "CONFLICT"
    ONLY_OURS = "ONLY_OURS"
    ONLY_CHANNEL = "ONLY_CHANNEL"
    LATE = "LATE"
    REFUND = "REFUND"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _BREAK_NAMES[self.value]


_BREAK_NAMES = {
    "UNKNOWN_ORDER": "无此订单", "AMOUNT": "金额不符", "MERCHANT": "商户不符", "DUPLICATE": "重复支付",
    "CONFLICT": "同号不同额", "ONLY_OURS": "短款（仅我方）", "ONLY_CHANNEL": "长款（仅渠道）",
    "LATE": "关单后到账", "REFUND": "未登记的退款",
}  # fmt: skip


class BreakStatus(StrEnum):
    """Where a break stands."""

    OPEN = "OPEN"
    AUTO_FIXED = "AUTO_FIXED"
    RESOLVED = "RESOLVED"


class ShiftStatus(StrEnum):
    """Where a teller's shift stands."""

    OPEN = "OPEN"
    COUNTED = "COUNTED"
    HANDED_OVER = "HANDED_OVER"
    BANKED = "BANKED"


class ReceiptStatus(StrEnum):
    """Whether a receipt stands."""

    ISSUED = "ISSUED"
    VOIDED = "VOIDED"


@dataclass(frozen=True, slots=True)
class Tender:
    """One way a customer pays; ``reference`` is the POS or bank slip number."""

    method: str
    fen: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """Money as one source reports it, before it is compared with anything.

    Attributes:
        provider_txn: The provider's number of the movement; with the account and kind it is the identity.
        order_no: Our order number as the provider repeats it.
        fee_micro: Fee in millionths of a yuan, where the source says it.
    """

    kind: str
    provider_txn: str
    order_no: str
    merchant_id: str
    fen: int
    occurred_at: datetime
    source: str
    currency: str = "CNY"
    settled_fen: int | None = None
    fee_micro: int | None = None


@dataclass(frozen=True, slots=True)
class FactView:
    """A money fact and what became of it."""

    fact_id: int
    provider: str
    kind: str
    provider_txn: str
    order_no: str
    fen: int
    outcome: str
    account_id: int | None
    occurred_at: datetime
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """An order with a provider.

    Attributes:
        unknown: The last call to the provider had no clear answer; it is being asked.
        pay_url: Page where a simulated phone pays; empty with a real provider.
    """

    order_no: str
    account_id: int
    fen: int
    status: str
    unknown: bool
    code_url: str
    created_at: datetime
    expires_at: datetime
    provider: str = "WECHAT"
    pay_url: str = ""

    @property
    def status_label(self) -> str:
        """The Chinese name of the status."""
        return OrderStatus(self.status).label


@dataclass(frozen=True, slots=True)
class Shift:
    """A teller's shift and its sums by method."""

    shift_id: int
    user_id: int
    status: str
    opened_at: datetime
    opening_fen: int
    receipts: int
    totals_fen: dict[str, int]
    expected_fen: int
    counted_fen: int | None = None
    over_short_fen: int | None = None
    closed_at: datetime | None = None
    handed_over_at: datetime | None = None
    handed_over_to: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt as printed.

    Attributes:
        allocations: What it paid: description and fen.
        to_balance_fen: What stays as prepaid balance.
        amount_capitals: The total in Chinese capitals (金额大写).
    """

    receipt_no: str
    shift_id: int
    account_id: int
    account_no: str
    name: str
    address: str
    issued_at: datetime
    total_fen: int
    tenders: tuple[Tender, ...]
    allocations: tuple[tuple[str, int], ...]
    to_balance_fen: int
    amount_capitals: str
    status: str
    teller_id: int
    replayed: bool = False

    @property
    def amount_yuan(self) -> str:
        """The total with two decimals."""
        return str(Money(self.total_fen))


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A movement of money in a list."""

    fact_id: int
    account_id: int | None
    account_no: str
    name: str
    fen: int
    channel: str
    channel_label: str
    occurred_at: datetime
    accounting_date: date
    outcome: str
    provider_txn: str
    order_no: str
    receipt_no: str


@dataclass(frozen=True, slots=True)
class Break:
    """Something that does not agree and must be explained."""

    break_id: int
    provider: str
    kind: str
    status: str
    day: date
    provider_txn: str
    order_no: str
    expected_fen: int | None
    actual_fen: int | None
    opened_at: datetime
    reason: str = ""
    resolved_by: str = ""
    approved_by: str = ""
    resolved_at: datetime | None = None
    fact_id: int | None = None

    @property
    def kind_label(self) -> str:
        """The Chinese name of the kind."""
        return BreakKind(self.kind).label


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Outcome of comparing one day with the channel's statement.

    Attributes:
        matched: Lines that agree with a fact we had.
        recovered: Lines we had not heard of and took over from the statement.
        waiting: Facts of ours not in the statement yet, within the cross-day window.
        breaks: How many breaks of the day are open.
        banked_fen: What the channel settles to the bank: payments less refunds and fees.
    """

    provider: str
    day: date
    status: str
    lines: int
    matched: int
    recovered: int
    waiting: int
    breaks: int
    paid_fen: int
    refunded_fen: int
    fee_fen: int
    banked_fen: int


@dataclass(frozen=True, slots=True)
class MoneyFlow:
    """What came in over some days and how far it got.

    Attributes:
        paid: Payments credited to customers, by number and fen.
        suspense: Payments nobody could be credited with yet.
        banked: Credited payments that a statement or a deposit has carried to the bank.
    """

    paid: int
    paid_fen: int
    suspense: int
    suspense_fen: int
    banked: int
    banked_fen: int
