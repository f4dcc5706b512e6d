"""The price of commercial energy put together of its parts, each a line of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.quantity import plain
from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import (
    STRICT,
    Positive,
    Rater,
    Season,
    SignedPrice,
    Text,
    for_categories,
    usage_kind,
)
from metercash.rating.facts import RatingFacts, from_milli


PartName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

_LABELS = {
    "agent": ("购电电费", "Energy purchase"),
    "loss": ("上网环节线损费用", "Line losses"),
    "td": ("输配电费", "Transmission and distribution"),
    "sys": ("系统运行费用", "System operation"),
    "fund": ("政府性基金及附加", "Government funds"),
}


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PricePart:
    """One part of the price.

    Attributes:
        price: Yuan per kWh; shared gains and losses of the market may be below zero.
        multiplier: What the price is multiplied by for accounts that hold ``evidence``, such as
            1.5 for the purchase of customers who came back from the market.
    """

    price: SignedPrice
    multiplier: Positive = Decimal(1)
    evidence: Text = ""
    label_zh: Text = ""
    label_en: Text = ""
    clause: Text = ""

    def __post_init__(self) -> None:
        if (self.multiplier != 1) != bool(self.evidence):
            msg = "multiplier 与 evidence 应一起写：凭什么证明按倍数计价"
            raise ValueError(msg)


Parts = Annotated[dict[PartName, PricePart], Field(min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class BuildUp:
    """Purchase, losses, transmission, system operation, funds: a line each on the same kWh.

    Attributes:
        parts: By name; ``agent``, ``loss``, ``td``, ``sys`` and ``fund`` are labeled already.
        listed: The price the table prints for all together, held against their sum.
        prefix: What the codes of the lines begin with.
    """

    kind: Literal["build_up"]
    parts: Parts
    listed: SignedPrice | None = None
    zone: Text = "total"
    prefix: Text = "energy"
    unit: Literal["kWh"] = "kWh"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        total = sum(part.price for part in self.parts.values())
        if self.listed is not None and self.listed != total:
            msg = f"各项之和应等于公布电价 {plain(self.listed)}，实为 {plain(Decimal(total))}"
            raise ValueError(msg)

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        priced = [(part, *self._kinds(name, part, citation)) for name, part in self.parts.items()]

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            quantity = from_milli(facts.zone_milli(self.zone, self.unit))
            for part, kind, multiplied in priced:
                exact = part.price * quantity
                if part.evidence and part.evidence in facts.evidence:
                    values = (part.price, quantity, part.multiplier)
                    lines.append(multiplied.line(quantity, exact * part.multiplier, values))
                else:
                    lines.append(kind.line(quantity, exact, (part.price, quantity)))

        return for_categories(self.categories, rater)

    def _kinds(self, name: str, part: PricePart, citation: str) -> tuple[LineKind, LineKind]:
        label_zh, label_en = _LABELS.get(name, (name, name.capitalize()))
        clause = part.clause or self.clause
        kind = usage_kind(
            f"{self.prefix}.{name}", part.label_zh or label_zh, part.label_en or label_en,
            self.unit, part.price, (clause, citation),
        )  # fmt: skip
        names = (*kind.basis.names, "倍数")
        multiplied = LineKind(
            kind.code, kind.label_zh, kind.label_en, kind.unit, part.price * part.multiplier,
            Basis(clause, citation, names, "{0} × {1} × {2}"),
        )  # fmt: skip
        return kind, multiplied
