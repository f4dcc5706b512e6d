"""Everything that makes the total of a bill, each in its own way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from metercash.contexts.billing.core import given, pricing
from metercash.contexts.customers.contracts import BillingFacts, PowerContract
from metercash.contexts.metering.contracts import Determinants, Flag, Method
from metercash.kernel.interval import Interval, days
from metercash.proof.bill import recomputed, worked_out
from metercash.proof.given import half_up
from metercash.rating import facts_json, rounding
from metercash.rating.facts import MONTHS_PER_YEAR, RatingFacts
from tests.grid.axes import Surface
from tests.grid.cases import Case


def by_engine(case: Case) -> int:
    """Fen by the engine."""
    return sum(line.amount.fen for line in case.lines())


def by_proof(case: Case) -> int:
    """Fen by the calculator written apart, from the texts of the documents and the facts as JSON."""
    documents: dict[str, Any] = {}
    stretches: list[dict[str, Any]] = []
    for index, (text, _, facts) in enumerate(case.stretches):
        sha = hashlib.sha256(text.encode()).hexdigest()
        documents[sha] = {"text": text}
        stretch = {"document": sha, "facts": facts_json.to_json(facts)}
        if case.share is not None:
            start = case.share.parts[index].start.isoformat()
            days = list(case.share.days)
            stretch["share"] = {"period": {"start": start}, "days": days, "index": index}
        stretches.append(stretch)
    bill: dict[str, Any] = {"documents": documents, "stretches": stretches}
    return sum(line.fen for line in recomputed(bill))


def by_facts_json(case: Case) -> int:
    """Fen by the engine from facts that have been JSON text."""
    stretches = tuple(
        (text, plan, facts_json.from_json(json.loads(json.dumps(facts_json.to_json(facts)))))
        for text, plan, facts in case.stretches
    )
    return by_engine(Case(stretches, case.share))


def by_arithmetic(case: Case) -> int:
    """Fen by what each line says of itself: its arithmetic worked out and rounded as it says."""
    total = 0
    for line in case.lines():
        exact = worked_out(line.because.arithmetic)
        split = line.rounding == rounding.SHARES
        if split:
            assert abs(exact * 100 - line.amount.fen) < 1
        total += line.amount.fen if split else int(half_up(exact, 2) * 100)
    return total


def by_billing(case: Case) -> int:
    """Fen by the pure core of billing, from what customers, metering and earlier bills tell it."""
    first, last = case.stretches[0][2], case.stretches[-1][2]
    whole = Interval(first.period.start, last.period.end)
    year, share = first.period.start.year, case.share
    parts = [
        pricing.Measured(
            pricing.Stretch(facts.period, plan, plan.citation, sha256=""),
            _measured(facts),
            share=pricing.Share(whole, share.days, index, share.among) if share else None,
        )
        for index, (_, plan, facts) in enumerate(case.stretches)
    ]
    before = given.Remembered(
        used={year: first.year_to_date_milli}, ladder_fen={year: first.ladder_charged_fen or 0}
    )
    rated = pricing.rate(_agreement(first, whole), parts, before)
    return sum(line.amount.fen for line in rated.lines)


def _measured(facts: RatingFacts) -> Determinants:
    demand = facts.power.demand_milli
    return Determinants(
        service_point_id=1, milli=facts.usage, estimated_milli=0, days=days(facts.period),
        missing_days=0, unfinished_days=0, methods=Method(0), flags=Flag(0), unit=facts.usage_unit,
        max_demand_milli=sum(demand) if demand else None,
    )  # fmt: skip


def _agreement(facts: RatingFacts, whole: Interval[date]) -> BillingFacts:
    """What customers tell of the account; held for the part of the year that its facts say."""
    part_of_year = facts.tier_months < MONTHS_PER_YEAR
    return BillingFacts(
        account_id=1, account_no="A1", name="", address="", community_id=1, building_id=1,
        service_point_id=1, category=facts.category, commodity="", plan_code="",
        area_milli=facts.area_milli, height_mm=facts.height_mm,
        household_size=facts.household_size,
        valid_from=whole.start if part_of_year else LONG_AGO, valid_until=None,
        held_until=whole.end if part_of_year else None,
        parts=facts.heat.parts, supply=facts.heat.supply, evidence=facts.evidence,
        power=PowerContract(
            contract_demand_milli=facts.power.contract_demand_milli,
            capacity_milli=facts.power.capacity_milli,
            transformers=facts.power.transformers,
            power_factor=facts.power.power_factor,
        ),
    )  # fmt: skip


LONG_AGO: Final = date(2020, 1, 1)
TOTAL: Final[Mapping[Surface, Callable[[Case], int]]] = {
    Surface.ENGINE: by_engine,
    Surface.PROOF: by_proof,
    Surface.FACTS_JSON: by_facts_json,
    Surface.ARITHMETIC: by_arithmetic,
    Surface.BILLING: by_billing,
}
