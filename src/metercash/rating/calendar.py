"""Which kind of day a civil day is, and the zone of each of its quarter-hours.

A calendar is an ordered list of kinds of days; the first whose conditions a day meets is its kind.
What decides (statutory holidays, working weekends, announced days) is listed, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from metercash.kernel.interval import Interval, each_day
from metercash.rating.errors import HolidaysUnlisted


SLOTS_PER_DAY = 96
_SATURDAY = 5
_LEAP_YEAR = Interval(date(2024, 1, 1), date(2025, 1, 1))

Slots = tuple[tuple[int, int], ...]


class DayType(StrEnum):
    """What the notice on holidays makes of a day."""

    WORKDAY = "WORKDAY"
    WEEKEND = "WEEKEND"
    HOLIDAY = "HOLIDAY"


@dataclass(frozen=True, slots=True)
class KindOfDay:
    """One way the zones lie over a day, and the days it is for; no condition means every day.

    Attributes:
        zones: Zone to its quarter-hour slot ranges ``[from, until)``; together the day, once.
        spans: Parts of the year ``[from, until)`` as month × 100 + day; one may cross the new year.
        types: Types of days it is for.
        holidays: Names of holidays it is for, beside ``types``.
        announced: Name of the announcement that makes a day one of these.
    """

    name: str
    zones: tuple[tuple[str, Slots], ...]
    spans: tuple[tuple[int, int], ...] = ()
    types: frozenset[DayType] = frozenset()
    holidays: frozenset[str] = frozenset()
    announced: str = ""

    @property
    def by_type(self) -> bool:
        """Whether holidays and weekends decide."""
        return bool(self.types or self.holidays)

    def within(self, day: date) -> bool:
        """Whether the day lies in its part of the year."""
        at = day.month * 100 + day.day
        return not self.spans or any(_holds(span, at) for span in self.spans)

    def is_for(self, day_type: DayType, holiday: str) -> bool:
        """Whether days of the type, or of the holiday, are of this kind."""
        return not self.by_type or day_type in self.types or holiday in self.holidays


def _holds(span: tuple[int, int], at: int) -> bool:
    start, until = span
    return start <= at < until if start < until else at >= start or at < until


@dataclass(frozen=True)
class Calendar:
    """Kinds of days in the order they are asked, and the listed days that decide.

    Attributes:
        holidays: Statutory days off with their names; ``working`` the weekends worked for them.
        years: Years the holidays are listed of.
        announced: Names of announcements with the days they were made for.
    """

    kinds: tuple[KindOfDay, ...]
    holidays: tuple[tuple[date, str], ...] = ()
    working: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    announced: frozenset[tuple[str, date]] = frozenset()

    @classmethod
    def of_one_kind(cls, zones: Mapping[str, Sequence[tuple[int, int]]]) -> Calendar:
        """The calendar whose days are all alike."""
        ranges = tuple((zone, tuple((a, b) for a, b in slots)) for zone, slots in zones.items())
        return cls((KindOfDay("", ranges),))

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """Every zone, in the order it is first named."""
        return tuple(dict.fromkeys(zone for kind in self.kinds for zone, _ in kind.zones))

    @cached_property
    def announcements(self) -> frozenset[str]:
        """Names of the announcements that decide."""
        return frozenset(kind.announced for kind in self.kinds if kind.announced)

    @cached_property
    def _names(self) -> dict[date, str]:
        return dict(self.holidays)

    def announcing(self, days: Iterable[tuple[str, date]]) -> Calendar:
        """This calendar with more announced days; announcements that decide nothing are left out."""
        more = {(name, day) for name, day in days if name in self.announcements}
        return replace(self, announced=self.announced | more) if more else self

    def day_type(self, day: date) -> tuple[DayType, str]:
        """The type of a day, and the name of its holiday.

        Raises:
            HolidaysUnlisted: if the holidays of its year are not listed.
        """
        if day in self._names:
            return DayType.HOLIDAY, self._names[day]
        if day.year not in self.years:
            raise HolidaysUnlisted(day=day, year=day.year)
        weekend = day.weekday() >= _SATURDAY and day not in self.working
        return (DayType.WEEKEND if weekend else DayType.WORKDAY), ""

    def kind_of(self, day: date) -> KindOfDay:
        """The kind of a day.

        Raises:
            HolidaysUnlisted: if it hangs on the holidays of a year that are not listed.
        """
        for kind in self.kinds:
            if not kind.within(day):
                continue
            if kind.announced and (kind.announced, day) not in self.announced:
                continue
            if not kind.by_type or kind.is_for(*self.day_type(day)):
                return kind
        msg = f"no kind of day for {day}"
        raise AssertionError(msg)

    def kinds_in(self, period: Interval[date]) -> dict[KindOfDay, tuple[date, ...]]:
        """The kinds that occur in a period, each with its days in order.

        Raises:
            HolidaysUnlisted: see :meth:`kind_of`.
        """
        found: dict[KindOfDay, list[date]] = {}
        for day in each_day(period):
            found.setdefault(self.kind_of(day), []).append(day)
        return {kind: tuple(days) for kind, days in found.items()}


def kindless(kinds: Sequence[KindOfDay]) -> str:
    """Words for the first day that would be of no kind; empty when every day has one."""
    plain = [kind for kind in kinds if not kind.announced]
    for day, day_type, holiday in _every_day(kinds):
        if not any(kind.within(day) and kind.is_for(day_type, holiday) for kind in plain):
            return f"{day.month} 月 {day.day} 日{holiday or _TYPE_ZH[day_type]}"
    return ""


def never(kinds: Sequence[KindOfDay]) -> list[str]:
    """Names of the kinds that earlier ones leave no day for, where every day has a kind."""
    reached: set[int] = set()
    for day, day_type, holiday in _every_day(kinds):
        fits = [
            index
            for index, kind in enumerate(kinds)
            if kind.within(day) and kind.is_for(day_type, holiday)
        ]
        plain = next(index for index in fits if not kinds[index].announced)
        first = {kinds[index].announced: index for index in reversed(fits) if index < plain}
        reached |= {plain, *first.values()}
    return [kind.name for index, kind in enumerate(kinds) if index not in reached]


_TYPE_ZH = {DayType.WORKDAY: "工作日", DayType.WEEKEND: "周末", DayType.HOLIDAY: "法定节假日"}


def _every_day(kinds: Sequence[KindOfDay]) -> Iterator[tuple[date, DayType, str]]:
    """Every day of the year as every type, and as every holiday that is named."""
    named = sorted({name for kind in kinds for name in kind.holidays})
    types = [(one, "") for one in DayType] + [(DayType.HOLIDAY, name) for name in named]
    for day in each_day(_LEAP_YEAR):
        for day_type, holiday in types:
            yield day, day_type, holiday
