"""What the ledger says to others: its chart of accounts, journals, open items and failures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from metercash.kernel.errors import MetercashError


class Side(StrEnum):
    """On which side an account normally stands."""

    DEBIT = "DEBIT"
    CREDIT = "CREDIT"


class ChartAccount(StrEnum):
    """The chart of accounts of a heat or electricity utility."""

    CASH = "CASH"
    BANK = "BANK"
    POS_CLEARING = "POS_CLEARING"
    WECHAT_CLEARING = "WECHAT_CLEARING"
    ALIPAY_CLEARING = "ALIPAY_CLEARING"
    TRANSFER_CLEARING = "TRANSFER_CLEARING"
    AGENCY_CLEARING = "AGENCY_CLEARING"
    RECEIVABLE = "RECEIVABLE"
    LATE_FEE_RECEIVABLE = "LATE_FEE_RECEIVABLE"
    SUBSIDY_RECEIVABLE = "SUBSIDY_RECEIVABLE"
    BAD_DEBT_PROVISION = "BAD_DEBT_PROVISION"
    PREPAID = "PREPAID"
    CONTRACT_LIABILITY = "CONTRACT_LIABILITY"
    SUSPENSE = "SUSPENSE"
    REFUND_IN_TRANSIT = "REFUND_IN_TRANSIT"
    OUTPUT_TAX = "OUTPUT_TAX"
    REVENUE_HEAT = "REVENUE_HEAT"
    REVENUE_POWER = "REVENUE_POWER"
    REVENUE_LATE_FEE = "REVENUE_LATE_FEE"
    FUND_PAYABLE = "FUND_PAYABLE"
    CASH_OVER_SHORT = "CASH_OVER_SHORT"
    CHANNEL_FEE = "CHANNEL_FEE"
    LATE_FEE_WAIVED = "LATE_FEE_WAIVED"
    DISCOUNT = "DISCOUNT"
    BAD_DEBT_EXPENSE = "BAD_DEBT_EXPENSE"

    @property
    def label(self) -> str:
        """The Chinese name accountants know it by."""
        return _CHART[self][0]

    @property
    def normal_side(self) -> Side:
        """The side its balance normally stands on."""
        return _CHART[self][1]

    @property
    def per_customer(self) -> bool:
        """Whether every posting must name the customer account it concerns."""
        return self in _PER_CUSTOMER


_A = ChartAccount
_CHART: Mapping[ChartAccount, tuple[str, Side]] = {
    _A.CASH: ("库存现金", Side.DEBIT),
    _A.BANK: ("银行存款", Side.DEBIT),
    _A.POS_CLEARING: ("其他货币资金-POS清算", Side.DEBIT),
    _A.WECHAT_CLEARING: ("其他货币资金-微信清算", Side.DEBIT),
    _A.ALIPAY_CLEARING: ("其他货币资金-支付宝清算", Side.DEBIT),
    _A.TRANSFER_CLEARING: ("其他货币资金-转账清算", Side.DEBIT),
    _A.AGENCY_CLEARING: ("其他货币资金-代收清算", Side.DEBIT),
    _A.RECEIVABLE: ("应收账款", Side.DEBIT),
    _A.LATE_FEE_RECEIVABLE: ("应收违约金", Side.DEBIT),
    _A.SUBSIDY_RECEIVABLE: ("应收政府补贴", Side.DEBIT),
    _A.BAD_DEBT_PROVISION: ("坏账准备", Side.CREDIT),
    _A.PREPAID: ("用户预收", Side.CREDIT),
    _A.CONTRACT_LIABILITY: ("合同负债", Side.CREDIT),
    _A.SUSPENSE: ("其他应付款-不明款", Side.CREDIT),
    _A.REFUND_IN_TRANSIT: ("其他应付款-退费在途", Side.CREDIT),
    _A.OUTPUT_TAX: ("应交税费-销项税额", Side.CREDIT),
    _A.REVENUE_HEAT: ("主营业务收入-热费", Side.CREDIT),
    _A.REVENUE_POWER: ("主营业务收入-电费", Side.CREDIT),
    _A.REVENUE_LATE_FEE: ("营业外收入-违约金", Side.CREDIT),
    _A.FUND_PAYABLE: ("代征基金及附加", Side.CREDIT),
    _A.CASH_OVER_SHORT: ("待处理财产损溢-长短款", Side.DEBIT),
    _A.CHANNEL_FEE: ("财务费用-手续费", Side.DEBIT),
    _A.LATE_FEE_WAIVED: ("违约金减免", Side.DEBIT),
    _A.DISCOUNT: ("销售折扣", Side.DEBIT),
    _A.BAD_DEBT_EXPENSE: ("信用减值损失", Side.DEBIT),
}
_PER_CUSTOMER = frozenset({_A.RECEIVABLE, _A.LATE_FEE_RECEIVABLE, _A.PREPAID})


class ItemKind(StrEnum):
    """What a customer owes an open item for."""

    BILL = "BILL"
    LATE_FEE = "LATE_FEE"

    @property
    def receivable(self) -> ChartAccount:
        """The account the item stands on."""
        return _A.RECEIVABLE if self is ItemKind.BILL else _A.LATE_FEE_RECEIVABLE


class ItemStatus(StrEnum):
    """Where an open item stands."""

    OPEN = "OPEN"
    SETTLED = "SETTLED"
    CANCELED = "CANCELED"


class AllocationKind(StrEnum):
    """Why an open item grew smaller."""

    PAYMENT = "PAYMENT"
    WAIVER = "WAIVER"
    CANCELLATION = "CANCELLATION"


class AllocationOrder(StrEnum):
    """Which debts money pays first; the tenant's setting ``allocation_order``."""

    PRINCIPAL_FIRST = "PRINCIPAL_FIRST"
    LATE_FEE_FIRST = "LATE_FEE_FIRST"


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a journal.

    Attributes:
        fen: Debit positive, credit negative, never zero.
        account_id: The customer account concerned, where there is one.
    """

    account: ChartAccount
    fen: int
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """One balanced entry; its business key makes it happen once.

    Attributes:
        event: ``context.thing.happened`` it records.
        accounting_date: Civil day of the books it belongs to.
        reverses: Business key of the journal it undoes.
    """

    business_key: str
    event: str
    accounting_date: date
    occurred_at: datetime
    postings: tuple[Posting, ...]
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """What one customer is charged: a journal, and the debt of the same reference.

    Attributes:
        reference: Business key of the journal and reference of the open item; unique within the tenant.
        fen: What the customer owes, above zero.
        credited: How much to which account; negative where an account bears a part of the charge.
            The amounts sum to ``fen``.
    """

    account_id: int
    reference: str
    fen: int
    credited: tuple[tuple[ChartAccount, int], ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A debt and what of it is still owed."""

    open_item_id: int
    account_id: int
    kind: str
    reference: str
    description: str
    due_date: date
    original_fen: int
    open_fen: int
    opened_on: date
    status: str = ItemStatus.OPEN


@dataclass(frozen=True, slots=True)
class AllocationLine:
    """Money applied to an open item; negative where an application was undone."""

    allocation_id: int
    open_item_id: int
    journal_id: int
    kind: str
    fen: int
    accounting_date: date


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of money: applied to open items, the rest kept as prepaid balance.

    Attributes:
        allocations: Pairs of open item id and fen; their sum plus ``to_balance_fen`` is the money.
    """

    journal_id: int
    allocations: tuple[tuple[int, int], ...]
    to_balance_fen: int


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One posting with the journal it stands in."""

    journal_id: int
    business_key: str
    event: str
    accounting_date: date
    occurred_at: datetime
    account: ChartAccount
    account_id: int | None
    fen: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the books claim that does not hold."""

    check: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Outcome of checking one tenant's books."""

    ok: bool
    journals: int
    postings: int
    open_items: int
    allocations: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class DueTotal:
    """Open items of one kind that fall due on one day."""

    due_date: date
    kind: str
    items: int
    open_fen: int


@dataclass(frozen=True, slots=True)
class Taking:
    """Customers' money taken on one day into one account of the chart, less what was given back."""

    day: date
    chart: ChartAccount
    payments: int
    fen: int


class UnbalancedJournal(MetercashError):
    """The postings of a journal do not sum to zero, or it has none."""

    code = "ledger.unbalanced_journal"
    status = 500
    message_zh = "凭证“{business_key}”借贷不平，差额{difference_fen}分，已拒绝。"
    message_en = "Journal '{business_key}' is out of balance by {difference_fen} fen; refused."


class MalformedPosting(MetercashError):
    """A posting of nothing, or one to a customer's account without the customer."""

    code = "ledger.malformed_posting"
    status = 500
    message_zh = "凭证“{business_key}”的分录无效：{account}。"
    message_en = "Journal '{business_key}' has an invalid posting to {account}."


class BusinessKeyConflict(MetercashError):
    """The business key was used before for something else."""

    code = "ledger.business_key_conflict"
    status = 409
    message_zh = "业务号“{business_key}”已用于另一笔不同的业务。"
    message_en = "Business key '{business_key}' was already used for something else."


class JournalNotFound(MetercashError):
    """No journal carries the business key."""

    code = "ledger.journal_not_found"
    status = 404
    message_zh = "没有找到业务号为“{business_key}”的凭证。"
    message_en = "No journal carries the business key '{business_key}'."


class AlreadyReversed(MetercashError):
    """The journal was reversed before under another key."""

    code = "ledger.already_reversed"
    status = 409
    message_zh = "凭证“{business_key}”已经冲正。"
    message_en = "Journal '{business_key}' has been reversed already."


class NotReversible(MetercashError):
    """Reversals, cancellations and waivers that no longer stand are not undone by a reversal."""

    code = "ledger.not_reversible"
    status = 409
    message_zh = "凭证“{business_key}”不能冲正。"
    message_en = "Journal '{business_key}' cannot be reversed."


class ReceivableConflict(MetercashError):
    """An open item with the reference exists with other content."""

    code = "ledger.receivable_conflict"
    status = 409
    message_zh = "应收“{reference}”已存在且内容不同。"
    message_en = "Receivable '{reference}' exists with other content."


class OpenItemNotFound(MetercashError):
    """No such open item on the account."""

    code = "ledger.open_item_not_found"
    status = 404
    message_zh = "没有找到应收“{reference}”。"
    message_en = "Receivable '{reference}' was not found."


class AmountRefused(MetercashError):
    """An amount that is not positive, or more than there is to take it from."""

    code = "ledger.amount_refused"
    status = 422
    message_zh = "金额{fen}分无效：应大于0且不超过{limit_fen}分。"
    message_en = "Amount {fen} fen is refused: it must be above 0 and at most {limit_fen} fen."


class BalanceInsufficient(MetercashError):
    """The customer's prepaid balance does not cover the entry."""

    code = "ledger.balance_insufficient"
    status = 409
    message_zh = "预收余额不足：可用{available_fen}分，需要{needed_fen}分。"
    message_en = "Prepaid balance of {available_fen} fen does not cover {needed_fen} fen."


class PeriodClosed(MetercashError):
    """The accounting date lies in a closed period."""

    code = "ledger.period_closed"
    status = 409
    message_zh = "会计期间已结账至{closed_until}（不含），不能记入{accounting_date}。"
    message_en = "The books are closed before {closed_until}; {accounting_date} is refused."
