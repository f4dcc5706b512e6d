"""Losses of transformers and lines of accounts metered on the secondary side: whole kWh, added to usage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.interval import Interval, days
from metercash.kernel.money import allocate_integer
from metercash.rating import rounding
from metercash.rating.bill import Basis, Line, LineKind, Value
from metercash.rating.components.base import HUNDRED, STRICT, Percent, Positive, Text
from metercash.rating.components.months import THIRTY, thirtieths
from metercash.rating.errors import FactMissing, TermsMissing, UsageMissing
from metercash.rating.facts import RatingFacts, from_milli
from metercash.rating.facts_power import Transformer


SPREAD: Final = "SPREAD"
READ: Final = "read"
LOSS: Final = "loss"
_MILLI = 1000
_UNIT = "kWh"
_NAMES = ("铁损（kWh）", "铜损（kWh）", "线损（kWh）", "电价（元/kWh）")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ModelLoss:
    """What a transformer loses in a month by being connected.

    Attributes:
        no_load_kw: Its no-load loss in kW, times the hours of a month.
        month_kwh: Or what the table says for a month, kWh.
    """

    no_load_kw: Positive | None = None
    month_kwh: Positive | None = None

    def __post_init__(self) -> None:
        if (self.no_load_kw is None) == (self.month_kwh is None):
            msg = "no_load_kw 与 month_kwh 应写且只写一个"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Losses:
    """How losses are counted and where they go; each sort is rounded to whole kWh.

    Attributes:
        models: No-load loss by the name a transformer carries in the facts.
        hours_per_month: Hours a month of thirty days counts.
        load_percent: Copper loss, percent of what was read.
        line_percent: Line loss, percent of what was read and the loss of transformers.
        to: Zone the losses are added to, ``SPREAD`` over the zones by their usage, or ``loss`` for a
            zone of their own; what was read is then in the zone ``read`` unless it has zones.
    """

    models: Mapping[str, ModelLoss] = Field(default_factory=dict)
    hours_per_month: Positive = Decimal(720)
    load_percent: Percent = Decimal(0)
    line_percent: Percent = Decimal(0)
    to: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,39}|SPREAD)$")] = "total"
    clause: Text = ""

    def add(self, facts: RatingFacts, citation: str) -> tuple[RatingFacts, Line]:
        """Facts with the losses in their usage, and a line without a price that explains them.

        Raises:
            FactMissing: if losses are neither agreed nor can be counted.
            TermsMissing: if the document does not know the model of a transformer.
            UsageMissing: if a share of usage is asked for and usage is unknown, or ``to`` is no zone.
        """
        agreed = facts.power.loss_kwh
        iron, copper, line = (agreed, 0, 0) if agreed is not None else self._counted(facts)
        names = ("约定损耗（kWh）", *_NAMES[1:]) if agreed is not None else _NAMES
        basis = Basis(self.clause, citation, names, "({0} + {1} + {2}) × {3}")
        label = "变压器及线路损耗电量"
        kind = LineKind("losses", label, "Transformer and line losses", _UNIT, Decimal(0), basis)
        kwh = iron + copper + line
        values: tuple[Value, ...] = (iron, copper, line, 0)
        told = kind.line(Decimal(kwh), Decimal(0), values)
        return replace(facts, usage=self._placed(facts.usage, kwh)), told

    def _counted(self, facts: RatingFacts) -> tuple[int, int, int]:
        if not self.models and not self.load_percent and not self.line_percent:
            raise FactMissing(fact="变压器及线路损耗")
        iron = sum(self._iron(one, facts) for one in self._transformers(facts))
        if not self.load_percent and not self.line_percent:
            return iron, 0, 0
        read = from_milli(facts.zone_milli("total", _UNIT))
        copper = _whole(read * self.load_percent / HUNDRED)
        return iron, copper, _whole((read + iron + copper) * self.line_percent / HUNDRED)

    def _transformers(self, facts: RatingFacts) -> tuple[Transformer, ...]:
        if self.models and not facts.power.transformers:
            raise FactMissing(fact="变压器")
        return facts.power.transformers if self.models else ()

    def _iron(self, one: Transformer, facts: RatingFacts) -> int:
        loss = self.models.get(one.model)
        if loss is None:
            raise TermsMissing(what=f"变压器“{one.model}”的损耗", on=facts.period.start)
        month: Decimal = loss.month_kwh or (loss.no_load_kw or Decimal(0)) * self.hours_per_month
        return _whole(month * _connected(one, facts.period) / THIRTY)

    def _placed(self, usage: Mapping[str, int], kwh: int) -> dict[str, int]:
        zones = {zone: milli for zone, milli in usage.items() if zone != "total"}
        if self.to == LOSS:
            read = zones or ({READ: usage["total"]} if "total" in usage else {})
            return {**read, LOSS: kwh * _MILLI}
        placed = dict(zones or usage)
        if self.to == SPREAD and placed:
            names = sorted(placed)  # Of equal remainders the first name is favored, however told.
            weights = [placed[name] for name in names]
            parts = allocate_integer(kwh, weights if any(weights) else [1] * len(weights))
            return {
                name: placed[name] + part * _MILLI for name, part in zip(names, parts, strict=True)
            }
        if self.to not in placed:
            raise UsageMissing(zone=self.to)
        placed[self.to] += kwh * _MILLI
        return placed


def _connected(one: Transformer, period: Interval[date]) -> int:
    """Thirtieths of a month it was connected; in a suspension it is not, however short."""
    cuts = [cut for cut in (*one.suspended, one.in_service) if cut is not None]
    parts = period.split(day for cut in cuts for day in (cut.start, cut.end))
    count = sum(
        days(part)
        for part in parts
        if (one.in_service is None or part.start in one.in_service)
        and not any(part.start in cut for cut in one.suspended)
    )
    month = thirtieths(period.start, period.end)
    return month if count == days(period) else min(month, count)


def _whole(kwh: Decimal) -> int:
    return int(rounding.to_decimals(kwh, 0))
