"""Kinds of days as a price document writes them: hours by season, weekend, holiday, announcement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass

from metercash.rating.calendar import (
    SLOTS_PER_DAY,
    Calendar,
    DayType,
    KindOfDay,
    Slots,
    kindless,
    never,
)
from metercash.rating.components.base import STRICT, Text
from metercash.rating.month_day import MonthDay


_MINUTES_PER_SLOT = 15
_CLOCK = re.compile(r"(\d{2}):(\d{2})")
_SATURDAY = 5
_DECEMBER = 12


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


def slots_of(hours: Iterable[Hours]) -> Slots:
    """Quarter-hour slot ranges ``[from, until)``."""
    return tuple((slot_of(start), slot_of(end)) for start, end in hours)


def refuse_uneven(zones: Iterable[Slots]) -> None:
    """Refuse zones that do not cover the day exactly once.

    Raises:
        ValueError: naming the first quarter-hour that is missing or doubled.
    """
    taken = [0] * SLOTS_PER_DAY
    for slots in zones:
        for start, end in slots:
            for slot in range(start, end):
                taken[slot] += 1
    wrong = next((slot for slot, times in enumerate(taken) if times != 1), None)
    if wrong is not None:
        clock = f"{wrong // 4:02}:{wrong % 4 * _MINUTES_PER_SLOT:02}"
        what = "不属于任何时段" if not taken[wrong] else "属于两个时段"
        msg = f"各时段应恰好覆盖全天一次，不重不漏：{clock} 起{what}"
        raise ValueError(msg)


Month = Annotated[int, Field(ge=1, le=12)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Between:
    """Part of every year; ``until`` is the first day after it, and may lie in the next year."""

    start: MonthDay
    until: MonthDay

    def __post_init__(self) -> None:
        if self.start == self.until:
            msg = "until 是之后的第一天，不能与 start 相同"
            raise ValueError(msg)

    @property
    def span(self) -> tuple[int, int]:
        """Both ends as month × 100 + day."""
        return int(self.start.replace("-", "")), int(self.until.replace("-", ""))


Zone: TypeAlias = Annotated[str, Field(min_length=1, max_length=40)]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=40)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Days:
    """One kind of day: where its zones lie, and which days are of it; no condition means all.

    Attributes:
        hours: Zone to its hours; together the whole day, once.
        months: Months it is for.
        between: Parts of the year it is for, beside ``months``.
        on: Types of days it is for.
        holidays: Names of the holidays it is for, beside ``on``.
        announced: Name of the announcement that makes a day one of these.
    """

    name: Name
    hours: Annotated[dict[Zone, tuple[Hours, ...]], Field(min_length=1, max_length=20)]
    months: Annotated[tuple[Month, ...], Field(max_length=12)] = ()
    between: Annotated[tuple[Between, ...], Field(max_length=12)] = ()
    on: Annotated[tuple[Literal["WORKDAY", "WEEKEND", "HOLIDAY"], ...], Field(max_length=3)] = ()
    holidays: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    announced: Text = ""
    clause: Text = ""

    def __post_init__(self) -> None:
        refuse_uneven(slots_of(hours) for hours in self.hours.values())

    def parsed(self) -> KindOfDay:
        """The kind of day this describes."""
        months = tuple((m * 100 + 1, m % _DECEMBER * 100 + 101) for m in self.months)
        return KindOfDay(
            name=self.name,
            zones=tuple((zone, slots_of(hours)) for zone, hours in self.hours.items()),
            spans=months + tuple(between.span for between in self.between),
            types=frozenset(map(DayType, self.on)),
            holidays=frozenset(self.holidays),
            announced=self.announced,
        )


def _complete(days: tuple[Days, ...]) -> tuple[Days, ...]:
    kinds = [one.parsed() for one in days]
    if len({kind.name for kind in kinds}) < len(kinds):
        msg = "各种日子的 name 不应重复"
        raise ValueError(msg)
    if day := kindless(kinds):
        msg = f"每一天都应有一种日子：{day}没有；最后一种可以不写条件"
        raise ValueError(msg)
    if names := never(kinds):
        msg = f"按先后次序，“{'”、“'.join(names)}”永远轮不到，应写在前面或删去"
        raise ValueError(msg)
    return days


KindsOfDays = Annotated[tuple[Days, ...], Field(max_length=40), AfterValidator(_complete)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Holiday:
    """A statutory holiday with all its days off; ``until`` is the first day of work."""

    name: Name
    start: date
    until: date

    def __post_init__(self) -> None:
        if self.start >= self.until:
            msg = "start 应早于 until（until 是上班的第一天）"
            raise ValueError(msg)

    def dates(self) -> list[date]:
        """Its days."""
        return [self.start + timedelta(n) for n in range((self.until - self.start).days)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class HolidayYear:
    """The holidays of one year by the notice that sets them.

    Attributes:
        working: Saturdays and Sundays that are worked instead.
        citation: Number of the notice.
    """

    year: Annotated[int, Field(ge=2000, le=2100)]
    citation: Annotated[str, Field(min_length=1, max_length=200)]
    days_off: Annotated[tuple[Holiday, ...], Field(min_length=1, max_length=20)]
    working: Annotated[tuple[date, ...], Field(max_length=20)] = ()
    source: Text = ""

    def __post_init__(self) -> None:
        off = [day for holiday in self.days_off for day in holiday.dates()]
        if len(set(off)) < len(off) or not set(off).isdisjoint(self.working):
            msg = "同一天不能属于两个节假日，也不能既放假又上班"
            raise ValueError(msg)
        if stray := [day for day in off if day.year != self.year and not self._new_year(day)]:
            msg = f"{stray[0]} 不在 {self.year} 年"
            raise ValueError(msg)
        if odd := [day for day in self.working if day.weekday() < _SATURDAY]:
            msg = f"调休上班日应是周六或周日，{odd[0]} 不是"
            raise ValueError(msg)

    def _new_year(self, day: date) -> bool:
        return (day.year, day.month) == (self.year - 1, _DECEMBER)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Announced:
    """A day for which something was announced, such as heat; ``citation`` is the evidence."""

    name: Name
    on: date
    citation: Annotated[str, Field(min_length=1, max_length=200)]


Holidays = Annotated[tuple[HolidayYear, ...], Field(max_length=20)]
AnnouncedDays = Annotated[tuple[Announced, ...], Field(max_length=400)]


def calendar(
    days: tuple[Days, ...], holidays: tuple[HolidayYear, ...], announced: tuple[Announced, ...]
) -> Calendar:
    """The calendar of a document.

    Raises:
        ValueError: if holidays that decide are not listed, or are listed twice.
    """
    made = Calendar(
        kinds=tuple(one.parsed() for one in days),
        holidays=tuple(
            (day, holiday.name)
            for year in holidays
            for holiday in year.days_off
            for day in holiday.dates()
        ),
        working=frozenset(day for year in holidays for day in year.working),
        years=frozenset(year.year for year in holidays),
        announced=frozenset((one.name, one.on) for one in announced),
    )
    if any(kind.by_type for kind in made.kinds) and not holidays:
        msg = "写了 on 或 holidays 的日子，须在 holidays 列明各年法定节假日和调休上班日"
        raise ValueError(msg)
    off = [day for day, _ in made.holidays]
    if len(made.years) < len(holidays) or len(set(off)) < len(off):
        msg = "holidays 中同一年、同一天只能写一次"
        raise ValueError(msg)
    listed = {year.year: {one.name for one in year.days_off} for year in holidays}
    for name in sorted({name for kind in made.kinds for name in kind.holidays}):
        if years := [year for year, names in listed.items() if name not in names]:
            msg = f"{years[0]} 年的节假日里没有“{name}”"
            raise ValueError(msg)
    if unknown := sorted({one.name for one in announced} - made.announcements):
        msg = f"没有一种日子用到公布事项“{unknown[0]}”"
        raise ValueError(msg)
    return made
