"""Heat that was too cold or did not come: which share of the season's fee is paid back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass as plain_dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.errors import InvalidInput
from metercash.kernel.interval import Interval, days
from metercash.rating.bill import Basis, Line, LineKind
from metercash.rating.components.base import HUNDRED, STRICT, Text
from metercash.rating.errors import FactMissing, TermsMissing
from metercash.rating.facts import from_milli


Celsius = Annotated[Decimal, Field(ge=-60, le=60, decimal_places=2)]
Share = Annotated[Decimal, Field(ge=0, le=100, decimal_places=6)]
Bound: TypeAlias = tuple[Decimal, int]

_COLDEST: Final = (Decimal("-Infinity"), 0)
_WARMEST: Final = (Decimal("Infinity"), 0)
_RETURNED_ZH: Final = "可退部分（%）"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Band:
    """Degrees from ``at_least`` or ``above`` up to ``below`` or ``at_most``, and what is paid back.

    Attributes:
        percent: Share of the day's or month's fee.
        at_least, above: Lower side, with or without the bound itself; neither means open.
        below, at_most: Upper side, without or with the bound itself; neither means open.
    """

    percent: Share
    at_least: Celsius | None = None
    above: Celsius | None = None
    below: Celsius | None = None
    at_most: Celsius | None = None

    def __post_init__(self) -> None:
        if None not in (self.at_least, self.above) or None not in (self.below, self.at_most):
            msg = "at_least 与 above、below 与 at_most 各只能写一个"
            raise ValueError(msg)
        if self.lower >= self.upper:
            msg = "下限应低于上限"
            raise ValueError(msg)

    @property
    def lower(self) -> Bound:
        """Where the band begins; the second number is 1 where the bound lies outside."""
        if self.at_least is not None:
            return self.at_least, 0
        return _COLDEST if self.above is None else (self.above, 1)

    @property
    def upper(self) -> Bound:
        """Where the next band begins."""
        if self.below is not None:
            return self.below, 0
        return _WARMEST if self.at_most is None else (self.at_most, 1)

    def holds(self, degrees: Decimal) -> bool:
        """Whether the degrees are of this band."""
        return self.lower <= (degrees, 0) < self.upper


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TemperatureRefund:
    """Refund for rooms below the temperature owed.

    Attributes:
        bands: Without gap or overlap, open toward the cold.
        measure: Bands of the temperature itself (``CELSIUS``), or of the degrees below
            ``target_celsius`` (``BELOW_TARGET``).
        by: ``DAY``, or ``MONTH_MEAN`` of ``readings`` readings for the fee of the month.
        scope: The whole ``HOME``, or the area of the cold ``ROOM`` only.
        base_percent: Part of the fee never paid back.
        after_hours: Hours the cold must have lasted before a day counts.
    """

    bands: Annotated[tuple[Band, ...], Field(min_length=1, max_length=10)]
    measure: Literal["CELSIUS", "BELOW_TARGET"] = "CELSIUS"
    target_celsius: Celsius | None = None
    by: Literal["DAY", "MONTH_MEAN"] = "DAY"
    readings: Annotated[int, Field(ge=1, le=100)] = 3
    scope: Literal["HOME", "ROOM"] = "HOME"
    base_percent: Share = Decimal(0)
    after_hours: Annotated[int, Field(ge=0, le=720)] = 0

    def __post_init__(self) -> None:
        below_target = self.measure == "BELOW_TARGET"
        if below_target != (self.target_celsius is not None):
            msg = "target_celsius 只在 measure 为 BELOW_TARGET 时写，且必须写"
            raise ValueError(msg)
        if self.by == "MONTH_MEAN" and (self.scope == "ROOM" or self.after_hours):
            msg = "按月平均（MONTH_MEAN）时不能按房间，也不能写 after_hours"
            raise ValueError(msg)
        ordered = sorted(self.bands, key=lambda band: band.lower)
        if any(one.upper != following.lower for one, following in pairwise(ordered)):
            msg = "各温度档应首尾相接，不重叠，也不留空"
            raise ValueError(msg)
        cold_open = ordered[-1].upper == _WARMEST if below_target else ordered[0].lower == _COLDEST
        if not cold_open:
            msg = "最冷的一档应不设界限"
            raise ValueError(msg)
        if not below_target and ordered[-1].upper == _WARMEST and ordered[-1].percent:
            msg = "最暖的一档应有上限，否则达标也退费"
            raise ValueError(msg)

    def percent(self, celsius: Decimal) -> Decimal:
        """Share paid back at a temperature; zero where it is warm enough."""
        degrees = celsius
        if self.target_celsius is not None:
            degrees = self.target_celsius - celsius
            if degrees <= 0:
                return Decimal(0)
        return next((band.percent for band in self.bands if band.holds(degrees)), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class OutageRefund:
    """Refund for days without heat.

    Attributes:
        min_hours: Shorter outages give nothing.
        multiplier: Times the fee of the day.
        base_percent: Part of the fee never paid back.
    """

    min_hours: Annotated[int, Field(ge=0, le=720)] = 0
    multiplier: Annotated[Decimal, Field(gt=0, le=10, decimal_places=4)] = Decimal(1)
    base_percent: Share = Decimal(0)
    code: Text = "refund.outage"
    label_zh: Text = "停热退费"
    label_en: Text = "Refund for days without heat"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RefundTerms:
    """One version of the refund rules.

    Attributes:
        effective_from: First day it decides for; the first version may leave it out.
        clause, citation: Where it is written; the price document when no other is named.
    """

    effective_from: date | None = None
    temperature: TemperatureRefund | None = None
    outage: OutageRefund | None = None
    clause: Text = ""
    citation: Text = ""

    def __post_init__(self) -> None:
        if self.temperature is None and self.outage is None:
            msg = "应写 temperature 或 outage"
            raise ValueError(msg)


def check_versions(versions: Sequence[RefundTerms]) -> None:
    """Refuse versions out of order.

    Raises:
        ValueError: unless each begins after the one before; only the first may leave its day out.
    """
    begins = [version.effective_from or date.min for version in versions]
    if any(begin >= following for begin, following in pairwise(begins)):
        msg = "refund 各版本应按 effective_from 先后排列，只有第一版可以不写"
        raise ValueError(msg)


@plain_dataclass(frozen=True, slots=True)
class DayTemperature:
    """What was measured on a day.

    Attributes:
        room: Name of the room, where rooms count by themselves.
        room_area_milli: Its area, thousandths of a square meter.
        hours: How long the cold has lasted, where the rule asks for it.
    """

    on: date
    celsius: Decimal
    room: str = ""
    room_area_milli: int | None = None
    hours: int | None = None


@plain_dataclass(frozen=True, slots=True)
class MonthTemperatures:
    """The readings of a month's days within the season."""

    month: Interval[date]
    celsius: tuple[Decimal, ...]


@plain_dataclass(frozen=True, slots=True)
class Outage:
    """Heat that failed: since when, for how many hours, and how many days are paid back."""

    since: date
    hours: int
    days: int


@plain_dataclass(frozen=True, slots=True)
class RefundFacts:
    """What a refund is computed from.

    Attributes:
        fee_yuan: The season's fee.
        season_days: Days of the season.
        area_milli: Area the fee was charged for, thousandths of a square meter; for rooms.
    """

    fee_yuan: Decimal
    season_days: int
    area_milli: int | None = None
    days: tuple[DayTemperature, ...] = ()
    months: tuple[MonthTemperatures, ...] = ()
    outages: tuple[Outage, ...] = ()


def refund(
    *, versions: Sequence[RefundTerms], facts: RefundFacts, citation: str
) -> tuple[Line, ...]:
    """What is paid back, as positive amounts: one line per version and share, rounded once.

    The version in force on the day of the temperature or of the outage decides. The fee of a day
    is never rounded.

    Raises:
        TermsMissing: if no version speaks of such a day.
        FactMissing: if an area, readings or hours that the rule asks for are unknown.
        InvalidInput: if a day or month is told twice.
    """
    if facts.season_days <= 0 or facts.fee_yuan <= 0:
        raise FactMissing(fact="供暖期热费及天数")
    _refuse_doubled([(one.on, one.room) for one in facts.days])
    _refuse_doubled([(one.month.start, "") for one in facts.months])
    quantities: dict[tuple[int, Decimal], Decimal] = defaultdict(Decimal)
    for day in facts.days:
        index, rule = _temperature_rule(versions, day.on, by="DAY")
        quantity = _day_quantity(rule, day)
        quantities[index, rule.percent(day.celsius)] += quantity
    for month in facts.months:
        index, rule = _temperature_rule(versions, month.month.start, by="MONTH_MEAN")
        if len(month.celsius) != rule.readings:
            raise FactMissing(fact=f"当月{rule.readings}次测温")
        mean = sum(month.celsius, Decimal(0)) / rule.readings
        quantities[index, rule.percent(mean)] += days(month.month)
    lines = [
        _temperature_line(versions[index], facts, percent, quantity, citation)
        for (index, percent), quantity in sorted(quantities.items())
        if percent and quantity
    ]
    return (*lines, *_outage_lines(versions, facts, citation))


def _refuse_doubled(seen: Sequence[tuple[date, str]]) -> None:
    for on, room in seen:
        if seen.count((on, room)) > 1:
            raise InvalidInput(field="测温记录", reason=f"{on}{room}有不止一条")


def _in_force(versions: Sequence[RefundTerms], on: date) -> int:
    for index in reversed(range(len(versions))):
        if (versions[index].effective_from or date.min) <= on:
            return index
    raise TermsMissing(what="退费", on=on)


def _temperature_rule(
    versions: Sequence[RefundTerms], on: date, *, by: str
) -> tuple[int, TemperatureRefund]:
    index = _in_force(versions, on)
    rule = versions[index].temperature
    if rule is None:
        raise TermsMissing(what="低温退费", on=on)
    if rule.by != by:
        raise FactMissing(fact="逐日测温" if rule.by == "DAY" else "当月测温")
    return index, rule


def _day_quantity(rule: TemperatureRefund, day: DayTemperature) -> Decimal:
    """Days, or square meters times days; nothing before the cold has lasted long enough."""
    if rule.after_hours:
        if day.hours is None:
            raise FactMissing(fact="低温持续小时数")
        if day.hours < rule.after_hours:
            return Decimal(0)
    if rule.scope == "HOME":
        return Decimal(1)
    if not day.room_area_milli or day.room_area_milli < 0:
        raise FactMissing(fact="不达标房间面积")
    return from_milli(day.room_area_milli)


def _temperature_line(
    version: RefundTerms, facts: RefundFacts, percent: Decimal, quantity: Decimal, citation: str
) -> Line:
    rule = version.temperature
    assert rule is not None
    returned = HUNDRED - rule.base_percent
    names = ["供暖期热费（元）", _RETURNED_ZH, "退费比例（%）"]
    exact = facts.fee_yuan * returned * percent * quantity / 10_000
    values = [facts.fee_yuan, returned, percent, quantity]
    template, divisor = "{0} × {1}% × {2}% × {3} ÷ {4}", Decimal(facts.season_days)
    if rule.scope == "ROOM":
        if not facts.area_milli or facts.area_milli < 0:
            raise FactMissing(fact="收费面积")
        area = from_milli(facts.area_milli)
        names += ["不达标面积天数（m²·天）", "供暖期天数", "收费面积（m²）"]
        kind = ("refund.room", "m²·天", template + " ÷ {5}")
        values += [Decimal(facts.season_days), area]
        divisor *= area
    else:
        month = rule.by == "MONTH_MEAN"
        names += ["当月天数" if month else "不达标天数", "供暖期天数"]
        kind = ("refund.month" if month else "refund.temperature", "天", template)
        values.append(divisor)
    basis = Basis(version.clause, version.citation or citation, tuple(names), kind[2])
    label_zh, label_en = "室温不达标退费", "Refund for low room temperature"
    line_kind = LineKind(kind[0], label_zh, label_en, kind[1], percent / HUNDRED, basis)
    return line_kind.line(quantity, exact / divisor, tuple(values))


def _outage_lines(versions: Sequence[RefundTerms], facts: RefundFacts, citation: str) -> list[Line]:
    counted: dict[int, int] = defaultdict(int)
    for outage in facts.outages:
        index = _in_force(versions, outage.since)
        rule = versions[index].outage
        if rule is None:
            raise TermsMissing(what="停热退费", on=outage.since)
        if outage.hours >= rule.min_hours:
            counted[index] += outage.days
    names = ("供暖期热费（元）", _RETURNED_ZH, "停热天数", "倍数", "供暖期天数")
    lines = []
    for index, day_count in sorted(counted.items()):
        version, rule = versions[index], versions[index].outage
        assert rule is not None
        cited = version.citation or citation
        basis = Basis(version.clause, cited, names, "{0} × {1}% × {2} × {3} ÷ {4}")
        kind = LineKind(rule.code, rule.label_zh, rule.label_en, "天", rule.multiplier, basis)
        returned = HUNDRED - rule.base_percent
        values = (facts.fee_yuan, returned, day_count, rule.multiplier, facts.season_days)
        exact = facts.fee_yuan * returned * day_count * rule.multiplier / 100 / facts.season_days
        lines.append(kind.line(Decimal(day_count), exact, values))
    return lines
