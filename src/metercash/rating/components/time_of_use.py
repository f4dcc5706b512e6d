"""One price for each zone of the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass

from metercash.rating import rounding
from metercash.rating.bill import Line, LineKind
from metercash.rating.calendar import Calendar
from metercash.rating.components.base import (
    STRICT,
    Amount,
    Positive,
    Rater,
    Season,
    SignedPrice,
    Text,
    for_categories,
    usage_kind,
)
from metercash.rating.components.kinds_of_days import (
    AnnouncedDays,
    Holidays,
    Hours,
    KindsOfDays,
    calendar,
    refuse_uneven,
    slots_of,
)
from metercash.rating.facts import RatingFacts, from_milli


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Floating:
    """Prices by ratio: only some parts of a price float with the zone.

    Attributes:
        floats: Yuan per kWh by part, times the ratio of the zone.
        fixed: Yuan per kWh by part, the same in every zone.
        decimals: Decimals of a yuan the price of a zone is rounded to, half up.
    """

    floats: dict[Text, SignedPrice] = Field(min_length=1)
    fixed: dict[Text, SignedPrice] = Field(default_factory=dict)
    decimals: Annotated[int, Field(ge=2, le=8)] = 6

    def price(self, ratio: Decimal) -> Decimal:
        """The price of a zone of the ratio."""
        floats = sum(self.floats.values(), Decimal(0))
        exact = floats * ratio + sum(self.fixed.values(), Decimal(0))
        return rounding.to_decimals(exact, self.decimals)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Zone:
    """Price and hours of one zone; hours are for metering by interval, registers need none.

    A zone is a price: one that is priced apart in a season is a zone of its own there.

    Attributes:
        price: The listed price, yuan per kWh; it is charged whatever the ratio says.
        ratio: Ratio to the flat price; it makes the price where none is listed.
    """

    price: Amount | None = None
    ratio: Positive | None = None
    hours: tuple[Hours, ...] = ()
    label_zh: Text = ""
    label_en: Text = ""


_ZONE_ZH = {
    "critical": "尖峰",
    "sharp": "尖峰",
    "peak": "高峰",
    "flat": "平段",
    "valley": "低谷",
    "deep": "深谷",
}


def _day_covered(zones: Mapping[str, Zone]) -> Mapping[str, Zone]:
    if any(zone.hours for zone in zones.values()):
        refuse_uneven(slots_of(zone.hours) for zone in zones.values())
    return zones


Zones = Annotated[dict[str, Zone], Field(min_length=1), AfterValidator(_day_covered)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TimeOfUse:
    """Energy by zone; the zones' usage must sum to the total when a total is given.

    Attributes:
        days: Kinds of days with their hours, in the place of ``hours`` of the zones; the first that
            fits a day is its kind.
        holidays: The listed holidays of each year, where they decide the kind.
        announced: Days for which something was announced that decides the kind.
        floating: Parts the prices are made of; where a price is listed, what it is held against.
    """

    kind: Literal["time_of_use"]
    zones: Zones
    days: KindsOfDays = ()
    holidays: Holidays = ()
    announced: AnnouncedDays = ()
    floating: Floating | None = None
    unit: Literal["kWh"] = "kWh"
    clause: Text = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, zone in self.zones.items():
            if self._by_ratio(zone) is None and zone.price is None:
                msg = f"时段 {name} 应写 price，或写 ratio 并写 floating"
                raise ValueError(msg)
        if not self.days and (self.holidays or self.announced):
            msg = "holidays、announced 只用于 days 的各种日子"
            raise ValueError(msg)
        if self.days:
            self._refuse_other_zones()

    @property
    def departures(self) -> dict[str, Decimal]:
        """Zones whose listed price is not what its ratio makes, and what that is."""
        made = {name: self._by_ratio(zone) for name, zone in self.zones.items()}
        return {
            name: price
            for name, price in made.items()
            if price is not None and price != self.price_of(name)
        }

    def price_of(self, name: str) -> Decimal:
        """Yuan per kWh of a zone: the listed one, else the one of its ratio."""
        zone = self.zones[name]
        made = self._by_ratio(zone) if zone.price is None else zone.price
        assert made is not None
        return made

    def _by_ratio(self, zone: Zone) -> Decimal | None:
        if self.floating is None or zone.ratio is None:
            return None
        return self.floating.price(zone.ratio)

    def _refuse_other_zones(self) -> None:
        if any(zone.hours for zone in self.zones.values()):
            msg = "写了 days 就不应再写各时段的 hours"
            raise ValueError(msg)
        made = calendar(self.days, self.holidays, self.announced)
        if strange := [zone for zone in made.zones if zone not in self.zones]:
            msg = f"days 里的时段 {strange[0]} 没有价格，应写在 zones 里"
            raise ValueError(msg)
        if idle := [zone for zone in self.zones if zone not in made.zones]:
            msg = f"时段 {idle[0]} 在哪一种日子里都没有钟点"
            raise ValueError(msg)

    @property
    def calendar(self) -> Calendar | None:
        """When each zone is, or ``None`` when the document gives no hours."""
        if self.days:
            return calendar(self.days, self.holidays, self.announced)
        if not any(zone.hours for zone in self.zones.values()):
            return None
        return Calendar.of_one_kind(
            {name: slots_of(zone.hours) for name, zone in self.zones.items()}
        )

    def bind(self, *, citation: str, season: Season | None) -> Rater:
        """Make the function that rates by this component."""
        unit, of_some_days = self.unit, bool(self.days)
        departures = self.departures
        kinds = [
            (name, self.price_of(name), self._kind(name, citation), departures.get(name))
            for name in self.zones
        ]

        def rater(facts: RatingFacts, lines: list[Line]) -> None:
            facts.zone_milli("total", unit)
            for name, price, kind, by_ratio in kinds:
                usage = facts.zone_milli(name, unit)
                if of_some_days and not usage:
                    continue
                quantity = from_milli(usage)
                values = (price, quantity) if by_ratio is None else (price, quantity, by_ratio)
                lines.append(kind.line(quantity, price * quantity, values))

        return for_categories(self.categories, rater)

    def _kind(self, name: str, citation: str) -> LineKind:
        zone, stem = self.zones[name], name.partition("_")[0]
        kind = usage_kind(
            f"energy.{name}",
            zone.label_zh or f"{_ZONE_ZH.get(stem, name)}电费",
            zone.label_en or f"{name.capitalize()} energy",
            self.unit,
            self.price_of(name),
            (self.clause, citation),
        )
        if name not in self.departures:
            return kind
        names = (*kind.basis.names, "按比价计算应为（元/kWh），以公布价为准")
        return replace(kind, basis=replace(kind.basis, names=names))
