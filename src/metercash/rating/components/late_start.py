"""Heat that begins after the season did: which days are charged."""

from __future__ import annotations

from typing import Literal, TypeAlias

from metercash.rating.components.base import Season, served_days
from metercash.rating.errors import FactMissing
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import Supply


LateStarts: TypeAlias = tuple[Literal["RESUMED", "FIRST_CONNECTION"], ...]

_LATE = frozenset({Supply.RESUMED, Supply.FIRST_CONNECTION})


def heated_days(facts: RatingFacts, season: Season | None) -> tuple[int, int]:
    """Days of the period with heat, and days of the season; a late start has fewer of the first.

    Raises:
        FactMissing: if heat began late and the day is unknown.
    """
    start, end = facts.period.start, facts.period.end
    served, whole = served_days(season, start, end)
    if facts.heat.supply not in _LATE:
        return served, whole
    heated_from = facts.heat.heated_from
    if heated_from is None:
        raise FactMissing(fact="开始供热日期")
    if heated_from <= start:
        return served, whole
    before, _ = served_days(season, start, min(heated_from, end))
    return served - before, whole
