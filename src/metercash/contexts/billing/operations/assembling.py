"""From accounts to drafts: the one path of preview, run, approval and rebill."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import perf_counter

from metercash.contexts.billing.contracts import Reason, ReasonFound
from metercash.contexts.billing.core import checks, periods, pricing
from metercash.contexts.billing.core.draft import Draft, Refusal
from metercash.contexts.billing.core.given import Remembered
from metercash.contexts.billing.core.settling import settlement_plan, settles
from metercash.contexts.billing.operations.earlier import Earlier, earlier_bills
from metercash.contexts.billing.operations.remembering import Past, past_bills, remembered
from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import BillingFacts
from metercash.contexts.metering import api as metering
from metercash.contexts.metering.contracts import Determinants
from metercash.contexts.tariffs import api as tariffs
from metercash.kernel.errors import MetercashError
from metercash.kernel.interval import Interval, days
from metercash.platform import db
from metercash.rating.facts import METER_FAULTY
from metercash.rating.facts_heat import Supply
from metercash.rating.sharing import Among


FOREVER = date.max


@dataclass(frozen=True, slots=True)
class Assembled:
    """Drafts and refusals of a batch; every agreement selected is in one of them."""

    drafts: tuple[Draft, ...]
    refusals: tuple[Refusal, ...]
    selected: int
    gather_ms: int
    aggregate_ms: int
    rate_ms: int


_Group = tuple[str, str, date, date]


@db.transaction_required
def assemble(
    *, account_ids: Sequence[int], period: Interval[date], purpose: str, now: datetime
) -> Assembled:
    """Gather, aggregate, rate and check; nothing is written."""
    began = perf_counter()
    facts = customers.billing_facts(account_ids=account_ids, period=period)
    settled_by = settlement_plan(purpose)
    if settled_by is not None:
        facts = [replace(item, plan_code=settled_by) for item in facts]
    earlier = earlier_bills(account_ids, period, purpose)
    groups: dict[_Group, list[BillingFacts]] = defaultdict(list)
    for item in facts:
        start = max(period.start, item.valid_from)
        end = min(period.end, item.valid_until or FOREVER)
        groups[item.commodity, item.plan_code, start, end].append(item)
    spans = _spans_of_changed(facts, period)
    gathered = perf_counter()
    drafts: list[Draft] = []
    refusals = _without_agreement(account_ids, facts, period)
    selected = len(facts) + len(refusals)
    aggregating = 0.0
    for (commodity, plan_code, start, end), members in groups.items():
        overlap = Interval(start, end)
        try:
            stretches = _stretches(commodity, plan_code, overlap)
            before = perf_counter()
            measured = [_measure(members, stretch, now) for stretch in stretches]
            past = _past(members, stretches, period, purpose)
        except MetercashError as error:
            refusals += [_refusal(item, overlap, Reason.NO_PRICE, error) for item in members]
            continue
        aggregating += perf_counter() - before
        for item in members:
            shares = _shares(item, stretches, overlap, spans.get(item.service_point_id, ()))
            known = earlier.get(item.account_id)
            before_it = remembered(item, stretches[0].plan, known, past.get(item.account_id, ()))
            outcome = _draft(item, overlap, stretches, measured, known, before_it, shares)
            (drafts if isinstance(outcome, Draft) else refusals).append(outcome)  # type: ignore[arg-type]
    rated = perf_counter() - gathered - aggregating
    return Assembled(
        drafts=tuple(drafts),
        refusals=tuple(refusals),
        selected=selected,
        gather_ms=round(1000 * (gathered - began)),
        aggregate_ms=round(1000 * aggregating),
        rate_ms=round(1000 * rated),
    )


def _spans_of_changed(
    facts: Sequence[BillingFacts], period: Interval[date]
) -> dict[int, list[Interval[date]]]:
    """Of heated points whose holder does not hold the whole period: the days of each holder."""
    changed = {
        item.service_point_id
        for item in facts
        if item.commodity == "HEAT"
        and (item.valid_from > period.start or (item.valid_until or FOREVER) < period.end)
    }
    return customers.holder_spans(service_point_ids=sorted(changed), period=period)


def _shares(
    facts: BillingFacts,
    stretches: Sequence[pricing.Stretch],
    overlap: Interval[date],
    spans: Sequence[Interval[date]],
) -> list[pricing.Share | None]:
    """The part of each stretch: a price by area is for the season, whoever holds the home.

    Each holder and each price has its days of the season; what is sold by the day needs no share
    where only its price changes.
    """
    plan = stretches[0].plan
    held = spans if len(spans) > 1 and overlap in spans else (overlap,)
    by_price = len(stretches) > 1 and not all(one.plan.sold_by_day for one in stretches)
    if plan.usage_unit is not None or not (by_price or len(held) > 1):
        return [None] * len(stretches)
    whole = Interval(held[0].start, held[-1].end)
    priced = _stretches(facts.commodity, facts.plan_code, whole) if len(held) > 1 else stretches
    parts = [part for span in held for one in priced if (part := one.period & span)]
    season = plan.season_of(whole.start) or whole
    served = tuple(days(within) if (within := part & season) else 0 for part in parts)
    counted = served if any(served) else tuple(days(part) for part in parts)
    among = Among.HOLDERS if len(priced) == 1 else Among.BOTH if len(held) > 1 else Among.PRICES
    return [
        pricing.Share(whole, counted, parts.index(stretch.period), among) for stretch in stretches
    ]


def _stretches(commodity: str, plan_code: str, period: Interval[date]) -> list[pricing.Stretch]:
    """The period by price version.

    It is cut where the version changes, and at the turn of the year where tiers run over a year. Heat
    that is both metered and sold by the season has the price of its first day.
    """
    found = tariffs.plan_in_force(plan_code=plan_code, on=period.start)
    cuts = periods.year_starts(period) if found.plan.tiers_by_year else []
    versions = {}

    def version_on(day: date) -> tuple[int, int]:
        force = tariffs.plan_in_force(plan_code=plan_code, on=day)
        key = (force.document_id, force.version)
        versions[key] = force
        return key

    stretches = [
        pricing.Stretch(part, versions[key].plan, versions[key].citation, versions[key].sha256)
        for piece in period.split(cuts)
        for part, key in periods.cut_by_version(piece, version_on)
    ]
    by_season = commodity == "HEAT" and not all(one.plan.sold_by_day for one in stretches)
    if by_season and any(one.plan.usage_unit is not None for one in stretches):
        return [pricing.Stretch(period, found.plan, found.citation, found.sha256)]
    return stretches


@dataclass(frozen=True, slots=True)
class _Usage:
    """What the points of a group used in a stretch, and before a change of price inside it."""

    determinants: Mapping[int, Determinants]
    before_change: Mapping[int, int]


_UNMETERED = _Usage({}, {})


def _measure(members: Sequence[BillingFacts], stretch: pricing.Stretch, now: datetime) -> _Usage:
    plan, period = stretch.plan, stretch.period
    if plan.usage_unit is None and not (plan.measures_demand or plan.measures_reactive):
        return _UNMETERED
    points = sorted({item.service_point_id for item in members})
    determinants = metering.determinants(
        service_point_ids=points,
        period=period,
        time_of_use=plan.time_of_use,
        demand=plan.measures_demand,
        reactive=plan.measures_reactive,
        now=now,
    )
    changes = plan.changes_in(period)
    if len(changes) != 1:
        return _Usage(determinants, {})
    before = metering.use_before(service_point_ids=points, period=period, day=changes[0])
    return _Usage(determinants, before)


def _past(
    members: Sequence[BillingFacts],
    stretches: Sequence[pricing.Stretch],
    period: Interval[date],
    purpose: str,
) -> Mapping[int, Sequence[Past]]:
    """Earlier bills with their lines, where the plan asks what they charged."""
    if not stretches[0].plan.remembers:
        return {}
    return past_bills([item.account_id for item in members], period, purpose)


def _draft(
    facts: BillingFacts,
    period: Interval[date],
    stretches: Sequence[pricing.Stretch],
    measured: Sequence[_Usage],
    earlier: Earlier | None,
    before: Remembered,
    shares: Sequence[pricing.Share | None],
) -> Draft | Refusal:
    parts = [
        pricing.Measured(
            stretch,
            found.determinants.get(facts.service_point_id),
            found.before_change.get(facts.service_point_id),
            share,
        )
        for stretch, found, share in zip(stretches, measured, shares, strict=True)
    ]
    metered = stretches[0].plan.usage_unit is not None and not _needs_no_reads(facts)
    if metered and not any(part.determinants and part.determinants.days for part in parts):
        sentence = f"账期 {days(period)} 天内没有任何抄表数据。"
        found = ReasonFound(Reason.MISSING_READS, sentence, {"days": days(period)})
        return _refused(facts, period, found)
    try:
        rated = pricing.rate(facts, parts, before)
    except MetercashError as error:
        return _refusal(facts, period, Reason.NOT_RATABLE, error)
    generation, replaces = 1, None
    if earlier and (period.start, period.end) in earlier.generations:
        last, replaces = earlier.generations[period.start, period.end]
        generation = last + 1
    total_fen = sum([line.amount.fen for line in rated.lines])
    reasons = checks.check(
        checks.Candidate(
            total_fen=total_fen,
            usage_milli=rated.usage_milli,
            days=days(period),
            missing_days=rated.missing_days if metered else 0,
            metered=metered,
            explained=bool(rated.lines) or settles(stretches[0].plan),
            already_billed=earlier is not None
            and any(s.overlaps(period) for s in earlier.standing),
            past=earlier.past if earlier else (),
        ),
        DEFAULT_LIMITS,
    )
    return Draft(
        facts=facts,
        period=period,
        lines=rated.lines,
        stretches=rated.stretches,
        total_fen=total_fen,
        determinants=rated.determinants,
        usage_milli=rated.usage_milli,
        usage_unit=rated.usage_unit,
        year_usage_milli=rated.year_usage_milli,
        estimated_milli=rated.estimated_milli,
        citations=rated.citations,
        reasons=reasons,
        aggregated=metered,
        generation=generation,
        replaces_bill_id=replaces,
    )


def _needs_no_reads(facts: BillingFacts) -> bool:
    """A stopped home uses nothing; where the meter is proved faulty it does not count."""
    return facts.supply is Supply.STOPPED or METER_FAULTY in facts.evidence


DEFAULT_LIMITS = checks.Limits()


def _without_agreement(
    account_ids: Sequence[int], facts: Sequence[BillingFacts], period: Interval[date]
) -> list[Refusal]:
    missing = sorted(set(account_ids) - {item.account_id for item in facts})
    if not missing:
        return []
    known = customers.summaries(account_ids=missing)
    found = ReasonFound(Reason.NO_AGREEMENT, "账期内没有有效的用能协议。", {})
    return [
        Refusal(
            account_id,
            known[account_id].account_no if account_id in known else str(account_id),
            known[account_id].name if account_id in known else "",
            0,
            period,
            found,
        )
        for account_id in missing
    ]


def _refusal(
    facts: BillingFacts, period: Interval[date], reason: Reason, error: MetercashError
) -> Refusal:
    return _refused(facts, period, ReasonFound(reason, error.chinese, {"code": error.code}))


def _refused(facts: BillingFacts, period: Interval[date], found: ReasonFound) -> Refusal:
    return Refusal(
        facts.account_id, facts.account_no, facts.name, facts.community_id, period, found
    )
