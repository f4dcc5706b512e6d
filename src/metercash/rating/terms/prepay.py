"""Fee control by prepayment: what is left, and whether to warn or to cut off.

The estimate of what was used and not yet billed decides on warnings only: it is never posted, and
only an issued bill moves money.
"""

from __future__ import annotations

from dataclasses import dataclass as plain_dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.money import Money
from metercash.rating import rounding
from metercash.rating.components.base import STRICT, Text
from metercash.rating.errors import FactMissing


Limit = Annotated[int, Field(ge=-10_000_000, le=10_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PrepayTerms:
    """When to warn and when to cut off.

    Attributes:
        warn_below_fen: Below this balance the customer is warned; the limit itself is enough.
        cut_below_fen: Below this balance supply is to be cut off.
        grace_days: Days the customer has from the first day below, before it is.
    """

    warn_below_fen: Limit
    cut_below_fen: Limit
    grace_days: Annotated[int, Field(ge=0, le=90)] = 0
    clause: Text = ""
    citation: Text = ""

    def __post_init__(self) -> None:
        if self.cut_below_fen > self.warn_below_fen:
            msg = "cut_below_fen 不得高于 warn_below_fen：应先预警后停供"
            raise ValueError(msg)


@plain_dataclass(frozen=True, slots=True)
class PrepayFacts:
    """What is known of an account on a day.

    Attributes:
        deposit_fen: Paid in advance and not used up by bills settled.
        unpaid_fen: Issued bills not settled.
        estimate_yuan: Price of what was used and not yet billed, unrounded.
        below_since: First day the balance lay below ``cut_below_fen``; None when it is today.
    """

    as_of: date
    deposit_fen: int
    unpaid_fen: int
    estimate_yuan: Decimal
    below_since: date | None = None


class State(StrEnum):
    """What the balance asks for."""

    OK = "OK"
    WARN = "WARN"
    CUT_PENDING = "CUT_PENDING"
    CUT_DUE = "CUT_DUE"


@plain_dataclass(frozen=True, slots=True)
class PrepayStatus:
    """The balance with the estimate taken off, the state, and the day supply may be cut off."""

    balance: Money
    state: State
    cut_from: date | None


def status(*, terms: PrepayTerms, facts: PrepayFacts) -> PrepayStatus:
    """Balance and state of an account; posts nothing.

    Raises:
        FactMissing: if an amount is negative, or the day below lies in the future.
    """
    if min(facts.deposit_fen, facts.unpaid_fen) < 0 or facts.estimate_yuan < 0:
        raise FactMissing(fact="不为负的预存、欠费与暂估金额")
    since = facts.as_of if facts.below_since is None else facts.below_since
    if since > facts.as_of:
        raise FactMissing(fact="余额不足起始日")
    estimate = rounding.to_fen(facts.estimate_yuan)
    balance = Money(facts.deposit_fen) - Money(facts.unpaid_fen) - estimate
    if balance.fen >= terms.cut_below_fen:
        state = State.OK if balance.fen >= terms.warn_below_fen else State.WARN
        return PrepayStatus(balance, state, None)
    cut_from = since + timedelta(days=terms.grace_days)
    state = State.CUT_DUE if facts.as_of >= cut_from else State.CUT_PENDING
    return PrepayStatus(balance, state, cut_from)
