"""A home whose heat is stopped for the season pays a share of its fee, or nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    HUNDRED,
    STRICT,
    Rater,
    Season,
    Text,
    for_categories,
)
from metercash.rating.errors import FactMissing, StopNotWhole, TermsMissing
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import Supply


Share = Annotated[Decimal, Field(ge=0, le=100, decimal_places=6)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class StopShare:
    """Percent of the season's fee for seasons that begin on a day or later.

    Attributes:
        effective_from: First day; the first share may leave it out.
        clause: Where this share is written.
    """

    percent: Share
    effective_from: date | None = None
    clause: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class StopFee:
    """Puts one line in the place of the season's fee of a stopped home.

    The share in force on the first day of the season decides for all of it.

    Attributes:
        shares: Oldest first; each holds until the next begins.
        on: Prefixes of the codes of the lines it takes the place of.
    """

    kind: Literal["stop_fee"]
    shares: Annotated[tuple[StopShare, ...], Field(min_length=1, max_length=20)]
    on: Annotated[tuple[str, ...], Field(min_length=1)] = ("heat.",)
    code: Text = "heat.stop_fee"
    label_zh: Text = "停热基础费"
    label_en: Text = "Stopped heat charge"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        begins = [share.effective_from or date.min for share in self.shares]
        if any(begin >= following for begin, following in pairwise(begins)):
            msg = "shares 应按 effective_from 先后排列，只有第一个可以不写"
            raise ValueError(msg)

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        kinds = tuple(self._line_kind(share, citation) for share in self.shares)

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            if facts.heat.supply != Supply.STOPPED:
                return
            if facts.heat.heated_from is not None:
                raise StopNotWhole(day=facts.heat.heated_from)
            start = facts.period.start
            begins = season.containing_or_next(start).start if season else start
            index = self.in_force(begins)
            replaced = [line for line in lines if line.code.startswith(self.on)]
            if not replaced:
                raise FactMissing(fact="供暖期热费")
            fee = sum((line.exact for line in replaced), Decimal(0))
            lines[:] = [line for line in lines if not line.code.startswith(self.on)]
            percent = self.shares[index].percent
            lines.append(kinds[index].line(fee, fee * percent / HUNDRED, (fee, percent)))

        return for_categories(self.categories, rater)

    def in_force(self, on: date) -> int:
        """Index of the share of a season that begins on the day.

        Raises:
            TermsMissing: if the first share begins later.
        """
        for index in range(len(self.shares) - 1, -1, -1):
            if (self.shares[index].effective_from or date.min) <= on:
                return index
        raise TermsMissing(what="停热收费", on=on)

    def _line_kind(self, share: StopShare, citation: str) -> LineKind:
        names = ("供暖期热费（元）", "停热收取比例（%）")
        basis = Basis(share.clause or self.clause, citation, names, "{0} × {1}%")
        price = share.percent / HUNDRED
        return LineKind(self.code, self.label_zh, self.label_en, "元", price, basis)
