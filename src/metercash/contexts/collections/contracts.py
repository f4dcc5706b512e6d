"""What collections says to others: policies, late fees, arrears and failures."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from metercash.kernel.errors import MetercashError
from metercash.rating.terms import late_fee as calculation


Change: TypeAlias = calculation.Change
FeeSegment: TypeAlias = calculation.FeeSegment
LateFee: TypeAlias = calculation.LateFee


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """How late fees are counted.

    Attributes:
        rate_per_mille_per_day: Share of the unpaid principal per day late, in thousandths.
        start_days: The fee's first day, counted from the due date; 1 is the day after.
        cap_of_principal: Highest fee as a share of the principal; None without cap.
        minimum_fen: A fee that is due at all is at least this much.
        exempt_categories: Customer categories that owe none.
    """

    rate_per_mille_per_day: Decimal
    start_days: int = 1
    cap_of_principal: Decimal | None = None
    minimum_fen: int = 0
    exempt_categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of the tenant's terms, for bills due from ``effective_from`` on."""

    policy_id: int
    effective_from: date
    terms: PolicyTerms
    citation: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class LateFeePass:
    """Outcome of one pass over overdue bills."""

    as_of: date
    bills: int
    raised: int
    raised_fen: int
    lowered: int
    lowered_fen: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What paying early saves."""

    pay_by: date
    fee_fen: int
    later: date
    later_fee_fen: int

    @property
    def saved_fen(self) -> int:
        """Late fee that paying by the earlier day avoids."""
        return self.later_fee_fen - self.fee_fen


@dataclass(frozen=True, slots=True)
class ArrearsRow:
    """A customer who owes money past its due date."""

    account_id: int
    account_no: str
    name: str
    phone: str
    address: str
    community: str
    bills: int
    principal_fen: int
    late_fee_fen: int
    oldest_due_date: date
    days_overdue: int

    @property
    def open_fen(self) -> int:
        """Everything overdue."""
        return self.principal_fen + self.late_fee_fen


class PolicyConflict(MetercashError):
    """A policy takes effect on that day already."""

    code = "collections.policy_conflict"
    status = 409
    message_zh = "已有自{effective_from}起施行的违约金政策。"
    message_en = "A late-fee policy already takes effect on {effective_from}."


class PolicyTooEarly(MetercashError):
    """Late fees were charged already under the terms the new ones would replace."""

    code = "collections.policy_too_early"
    status = 409
    message_zh = "违约金已计收至{charged_to}，新政策最早自该日起施行；已计收的违约金不会重算。"
    message_en = (
        "Late fees are charged up to {charged_to}; new terms may take effect from that day on, "
        "and what was charged is not computed anew."
    )


class PolicyRefused(MetercashError):
    """A term of the policy cannot be used."""

    code = "collections.policy_refused"
    status = 422
    message_zh = "违约金政策“{field}”不正确：{reason}"
    message_en = "The late-fee term '{field}' is not usable: {reason}"


class ReasonMissing(MetercashError):
    """A waiver must say why."""

    code = "collections.reason_missing"
    status = 422
    message_zh = "减免违约金必须说明原因。"
    message_en = "A waiver must give its reason."
