"""One agreement's share of a period through the rating engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from metercash.contexts.billing.core import given
from metercash.contexts.customers.contracts import BillingFacts
from metercash.contexts.metering.contracts import Determinants
from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.bill import Line
from metercash.rating.facts import RatingFacts
from metercash.rating.plan import Plan
from metercash.rating.sharing import Among, borne_by_others


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a period under one price version.

    Attributes:
        citation: How the bill names the price document.
        sha256: Hash of the text the plan was read from.
    """

    period: Interval[date]
    plan: Plan
    citation: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Share:
    """Which part of a whole charge a stretch bears: one of several holders, prices, or both.

    Attributes:
        whole: The period whose charge is parted.
        days: Days of each part, in order.
    """

    whole: Interval[date]
    days: tuple[int, ...]
    index: int
    among: Among


@dataclass(frozen=True, slots=True)
class Measured:
    """What was used in a stretch; None where the plan meters nothing.

    Attributes:
        share: Where the stretch bears a part of the charge for a longer period.
        before_change_milli: Use before the one day inside it from which components charge another
            price, by a frozen reading; ``None`` without one.
    """

    stretch: Stretch
    determinants: Determinants | None
    before_change_milli: int | None = None
    share: Share | None = None

    @property
    def period(self) -> Interval[date]:
        """What the charge is for: the stretch, or the whole it bears a part of."""
        return self.share.whole if self.share else self.stretch.period

    @property
    def used(self) -> given.Used:
        """The same for the engine."""
        return given.Used(self.determinants, self.before_change_milli)


@dataclass(frozen=True, slots=True)
class RatedStretch:
    """What the lines of a stretch were made from: a price document by its hash, and the facts.

    Attributes:
        period: The days of the document; where shared, the facts hold the whole period.
    """

    sha256: str
    period: Interval[date]
    facts: RatingFacts
    share: Share | None


@dataclass(frozen=True, slots=True)
class Rated:
    """Lines of an agreement and what they were computed from."""

    lines: tuple[Line, ...]
    stretches: tuple[RatedStretch, ...]
    determinants: Mapping[str, int]
    usage_milli: int
    year_usage_milli: int
    usage_unit: str
    estimated_milli: int
    missing_days: int
    citations: tuple[str, ...]


def rate(
    facts: BillingFacts,
    parts: Sequence[Measured],
    before: given.Remembered,
) -> Rated:
    """Rate each stretch with its own version and join the lines.

    Args:
        before: What the owner's bills before the period say.

    Raises:
        MetercashError: what the engine raises.
    """
    lines: list[Line] = []
    stretches: list[RatedStretch] = []
    sums: dict[str, int] = {}
    used = dict(before.used)
    estimated = missing = 0
    for part in parts:
        year = part.stretch.period.start.year
        measured = part.determinants
        stretch = RatedStretch(
            part.stretch.sha256,
            part.stretch.period,
            given.rating_facts(
                facts, part.stretch.plan, part.period, part.used, before, used.get(year, 0)
            ),
            part.share,
        )
        rated = engine.rate(plan=part.stretch.plan, facts=stretch.facts)
        lines += rated.lines
        if share := part.share:
            citation = part.stretch.citation
            lines.append(
                borne_by_others(
                    rated.total, share.days, share.index, among=share.among, citation=citation
                )
            )
        stretches.append(stretch)
        if measured is not None:
            for zone, milli in measured.milli.items():
                sums[zone] = sums.get(zone, 0) + milli
            used[year] = used.get(year, 0) + measured.milli.get("total", 0)
            estimated += measured.estimated_milli
            missing += measured.missing_days
    last_year = parts[-1].stretch.period.start.year
    return Rated(
        lines=tuple(lines),
        stretches=tuple(stretches),
        determinants=sums,
        usage_milli=sums.get("total", 0),
        year_usage_milli=used.get(last_year, 0) - before.used.get(last_year, 0),
        usage_unit=parts[0].stretch.plan.usage_unit or "",
        estimated_milli=estimated,
        missing_days=missing,
        citations=tuple(dict.fromkeys(part.stretch.citation for part in parts)),
    )
