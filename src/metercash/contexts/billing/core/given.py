"""What the engine is given of one account and stretch: from customers, metering and earlier bills."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from metercash.contexts.customers.contracts import BillingFacts, PowerContract
from metercash.contexts.metering.contracts import Determinants
from metercash.kernel.interval import Interval
from metercash.rating.components.months import months_of, started_months
from metercash.rating.facts import MONTHS_PER_YEAR, RatingFacts
from metercash.rating.facts_heat import NO_HEAT_FACTS, HeatFacts, Supply
from metercash.rating.facts_power import NO_POWER_FACTS, PowerFacts
from metercash.rating.plan import Plan


LOW_INCOME = "LOW_INCOME"
_NO_CONTRACT = PowerContract()


@dataclass(frozen=True, slots=True)
class Used:
    """What was measured in a stretch, and before a change of price inside it."""

    determinants: Determinants | None
    before_change_milli: int | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the owner's bills before the period say.

    Attributes:
        used: Usage by calendar year, thousandths of the unit.
        before_household: The part of it before the allowance of a large household began.
        ladder_fen: Tier surcharges charged, by calendar year; ``None`` where no plan asks for it.
        free_left_milli: Free units left over, by calendar year.
        carried_fen: Difference brought from the heating season before.
    """

    used: Mapping[int, int] = field(default_factory=dict)
    before_household: Mapping[int, int] = field(default_factory=dict)
    ladder_fen: Mapping[int, int] | None = None
    free_left_milli: Mapping[int, int] = field(default_factory=dict)
    carried_fen: int = 0


NOTHING = Remembered()


def rating_facts(
    facts: BillingFacts,
    plan: Plan,
    period: Interval[date],
    used: Used,
    before: Remembered,
    year_to_date_milli: int,
) -> RatingFacts:
    """Everything known of the account in the stretch; what no context knows keeps its default."""
    measured, year = used.determinants, period.start.year
    evidence = facts.evidence
    if facts.category == LOW_INCOME:
        evidence |= _LOW_INCOME
    tier_months, household_months = _months(facts, plan, period)
    allowed = plan.tiers_by_year and household_months is not None
    return RatingFacts(
        period=period,
        area_milli=facts.area_milli,
        usable_area_milli=facts.usable_area_milli,
        height_mm=facts.height_mm,
        household_size=facts.household_size,
        category=facts.category,
        usage=measured.milli if measured else {},
        usage_unit=measured.unit if measured else "kWh",
        year_to_date_milli=year_to_date_milli,
        tier_months=tier_months,
        household_months=household_months,
        before_household_milli=before.before_household.get(year, 0) if allowed else 0,
        free_left_milli=before.free_left_milli.get(year, 0),
        before_change_milli=used.before_change_milli,
        ladder_charged_fen=(None if before.ladder_fen is None else before.ladder_fen.get(year, 0)),
        evidence=evidence,
        heat=_heat(facts, before.carried_fen),
        power=_power(facts, measured),
    )


_LOW_INCOME = frozenset({LOW_INCOME})


def held_from(facts: BillingFacts) -> date:
    """First day of the owner; a new plan does not begin his year again."""
    return facts.held_from or facts.valid_from


def _months(facts: BillingFacts, plan: Plan, period: Interval[date]) -> tuple[int, int | None]:
    """Months of the tier year the owner is served, and those with the household's allowance.

    ``None`` where the allowance holds in all of them.
    """
    since = facts.household_from
    if not plan.counts_year:
        if since is None or since <= period.start:
            return MONTHS_PER_YEAR, None
        with_it = months_of(since, period.end) if since < period.end else ()
        return MONTHS_PER_YEAR, len(with_it)
    year = period.start.year
    start, end = max(held_from(facts), date(year, 1, 1)), date(year + 1, 1, 1)
    if facts.held_until is not None:
        end = min(end, facts.held_until)
    months = started_months(start, end)
    if since is None or since <= start:
        return months, None
    return months, started_months(since, end) if since < period.end else 0


def _heat(facts: BillingFacts, carried_fen: int) -> HeatFacts:
    if not (facts.parts or facts.heated_from or carried_fen) and facts.supply is Supply.HEATED:
        return NO_HEAT_FACTS
    return HeatFacts(
        parts=facts.parts,
        supply=facts.supply,
        heated_from=facts.heated_from,
        carried_fen=carried_fen,
    )


def _power(facts: BillingFacts, measured: Determinants | None) -> PowerFacts:
    demand = measured.max_demand_milli if measured else None
    reactive = measured.reactive_milli if measured else None
    if facts.power is None and demand is None and reactive is None:
        return NO_POWER_FACTS
    contract = facts.power or _NO_CONTRACT
    return PowerFacts(
        demand_milli=() if demand is None else (demand,),
        contract_demand_milli=contract.contract_demand_milli,
        capacity_milli=contract.capacity_milli,
        transformers=contract.transformers,
        reactive_milli=reactive,
        reverse_reactive_milli=measured.reverse_reactive_milli if measured else 0,
        power_factor=contract.power_factor,
    )
