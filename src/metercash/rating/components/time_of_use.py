"""One price for each zone of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass

from metercash.rating.bill import Line
from metercash.rating.components.base import (
    STRICT,
    Amount,
    Rater,
    Season,
    Text,
    for_categories,
    usage_kind,
)
from metercash.rating.facts import RatingFacts, from_milli


SLOTS_PER_DAY = 96
_MINUTES_PER_SLOT = 15
_CLOCK = re.compile(r"(\d{2}):(\d{2})")


def slot_of(clock: str) -> int:
    """Quarter-hour slot of a clock time ``00:00`` … ``24:00``.

    Raises:
        ValueError: if it is no such time or no whole quarter of an hour.
    """
    match = _CLOCK.fullmatch(clock)
    minutes = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minutes <= 24 * 60 or minutes % _MINUTES_PER_SLOT or int(clock[3:]) >= 60:
        msg = f"时刻应为 00:00 至 24:00 的整刻钟，不是“{clock}”"
        raise ValueError(msg)
    return minutes // _MINUTES_PER_SLOT


def _forward(hours: tuple[str, str]) -> tuple[str, str]:
    if slot_of(hours[0]) >= slot_of(hours[1]):
        msg = f"时段起点应早于终点：{hours[0]}–{hours[1]}，跨零点请写成两段"
        raise ValueError(msg)
    return hours


Hours = Annotated[tuple[str, str], AfterValidator(_forward)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Zone:
    """Price and hours of one zone; hours are for metering by interval, registers need none."""

    price: Amount
    hours: tuple[Hours, ...] = ()
    label_zh: Text = ""
    label_en: Text = ""

    @property
    def slots(self) -> tuple[tuple[int, int], ...]:
        """Quarter-hour slot ranges ``[from, until)``."""
        return tuple((slot_of(start), slot_of(end)) for start, end in self.hours)


_ZONE_ZH = {"critical": "尖峰", "peak": "高峰", "flat": "平段", "valley": "低谷", "deep": "深谷"}


def _day_covered(zones: Mapping[str, Zone]) -> Mapping[str, Zone]:
    if not any(zone.hours for zone in zones.values()):
        return zones
    slots = sorted(
        slot for zone in zones.values() for start, end in zone.slots for slot in range(start, end)
    )
    if slots != list(range(SLOTS_PER_DAY)):
        msg = "各时段应恰好覆盖全天一次，不重不漏"
        raise ValueError(msg)
    return zones


Zones = Annotated[dict[str, Zone], Field(min_length=1), AfterValidator(_day_covered)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TimeOfUse:
    """Energy by zone; the zones' usage must sum to the total when a total is given."""

    kind: Literal["time_of_use"]
    zones: Zones
    unit: Literal["kWh"] = "kWh"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    @property
    def slots(self) -> dict[str, tuple[tuple[int, int], ...]] | None:
        """Zone to slot ranges, or ``None`` when the document gives no hours."""
        if not any(zone.hours for zone in self.zones.values()):
            return None
        return {name: zone.slots for name, zone in self.zones.items()}

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        unit = self.unit
        kinds = [
            (
                name,
                zone.price,
                usage_kind(
                    f"energy.{name}",
                    zone.label_zh or f"{_ZONE_ZH.get(name, name)}电费",
                    zone.label_en or f"{name.capitalize()} energy",
                    unit,
                    zone.price,
                    (self.clause, citation),
                ),
            )
            for name, zone in self.zones.items()
        ]

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            facts.zone_milli("total", unit)
            for name, price, kind in kinds:
                quantity = from_milli(facts.zone_milli(name, unit))
                lines.append(kind.line(quantity, price * quantity, (price, quantity)))

        return for_categories(self.categories, rater)
