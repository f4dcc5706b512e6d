"""One price that several pay: what others bear comes off the account's bill."""

from __future__ import annotations

from decimal import Decimal
from math import lcm
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.money import Money
from metercash.rating import rounding
from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    STRICT,
    Positive,
    Rater,
    Season,
    Text,
    for_categories,
    sum_fen,
)
from metercash.rating.facts import RatingFacts


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Payer:
    """One of the others.

    Attributes:
        share: Its part of the price, in the measure of ``own``.
        code: Code of its line; it begins with ``subsidy``, so the ledger books what it bears as
            owed by the payer and not by the account.
    """

    share: Positive
    code: Annotated[str, Field(pattern=r"^subsidy(\.[a-z0-9_]+)*$", max_length=64)]
    label_zh: Text
    label_en: Text


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Payers:
    """Takes off what others bear of the lines before, one negative line each.

    The sum of those lines is split by largest remainder, the account first, so that what all pay
    sums to the fee to the fen.

    Attributes:
        own: The account's part of the price, such as 23.30 of 26.
        others: Who bears the rest.
        on: Prefixes of the codes of the lines that are shared.
        unless: Proofs with which the account bears everything, such as an employer's refund.
    """

    kind: Literal["payers"]
    own: Positive
    others: Annotated[tuple[Payer, ...], Field(min_length=1, max_length=10)]
    on: Annotated[tuple[str, ...], Field(min_length=1)] = ("heat.",)
    unless: tuple[str, ...] = ()
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        codes = [payer.code for payer in self.others]
        if len(set(codes)) != len(codes):
            msg = "others 中各 code 应不同"
            raise ValueError(msg)

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        shares = (self.own, *(payer.share for payer in self.others))
        weights, whole = _integers(shares), sum(shares)
        names = ("共同承担的热费（元）", "承担份额", "全部份额")
        basis = Basis(self.clause, citation, names, "0 − {0} × {1} ÷ {2}")
        kinds = tuple(
            LineKind(payer.code, payer.label_zh, payer.label_en, "元", -payer.share / whole, basis)
            for payer in self.others
        )
        unless = frozenset(self.unless)

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            shared = Money(sum_fen(lines, self.on))
            if shared.fen <= 0 or unless & facts.evidence:
                return
            parts = shared.allocate(weights)[1:]
            for kind, payer, part in zip(kinds, self.others, parts, strict=True):
                exact = -shared.yuan * payer.share / whole
                values = (shared.yuan, payer.share, whole)
                lines.append(Line(kind, shared.yuan, values, exact, -part, rounding.SHARES))

        return for_categories(self.categories, rater)


def _integers(shares: tuple[Decimal, ...]) -> list[int]:
    """Whole numbers in the proportion of the shares."""
    ratios = [share.as_integer_ratio() for share in shares]
    whole = lcm(*(denominator for _, denominator in ratios))
    return [numerator * whole // denominator for numerator, denominator in ratios]
