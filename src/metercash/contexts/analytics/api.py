"""The front door of analytics: figures that open down to their bills. Amounts are fen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from metercash.contexts.analytics import operations, queries
from metercash.contexts.analytics.contracts import (
    AgeBand,
    ChannelShare,
    CommunityArrears,
    Funnel,
    Overview,
    Simulation,
    Step,
    TrendPoint,
)
from metercash.contexts.billing.contracts import Population
from metercash.kernel.interval import Interval
from metercash.platform import db
from metercash.rating import document as documents


@db.transaction()
def overview(*, as_of: date) -> Overview:
    """应收, 实收, 收费率 (all, this period, last period), arrears with late fees, yesterday's reads.

    Money is as it stands now; ``as_of`` decides what is overdue and which day is yesterday.
    """
    return queries.overview(as_of)


@db.transaction()
def collection_trend(*, period: Interval[date], step: Step = Step.DAY) -> list[TrendPoint]:
    """Customers' money by accounting day or month of the period, and the share collected so far."""
    return queries.collection_trend(period, step)


@db.transaction()
def ageing(*, as_of: date) -> list[AgeBand]:
    """Overdue items in bands of 1–30, 31–60, 61–90, 91–180 and more days; always five bands."""
    return queries.ageing(as_of)


@db.transaction()
def channel_mix(*, period: Interval[date]) -> list[ChannelShare]:
    """What every channel took in within the period, the largest first."""
    return queries.channel_mix(period)


@db.transaction()
def arrears_by_community(*, as_of: date) -> list[CommunityArrears]:
    """Every community with coordinates, collection rate and overdue bills, the most overdue first."""
    return queries.arrears_by_community(as_of)


@db.transaction()
def funnel() -> Funnel:
    """``read → accepted → rated → billed → posted → paid → banked``, counted by each context."""
    return queries.funnel()


def simulate(
    *,
    text: str,
    population: Population,
    on_progress: Callable[[int], None] | None = None,
) -> Simulation:
    """Rate the posted bills of a past period by a price that does not hold yet; nothing is written.

    Args:
        text: The price document, kept or not.
        on_progress: Called with the bills done.

    Raises:
        PlanDocumentInvalid: if the text is wrong.
    """
    return operations.simulate(documents.parse(text), population, on_progress)
