"""The demo's dates: the last finished heating season, seen from today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from metercash.kernel.interval import Interval


ZONE = ZoneInfo("Asia/Shanghai")
SEASON_DAY_FIRST = (10, 20)
SEASON_DAY_AFTER = (4, 21)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Every date the season runs on.

    Attributes:
        season: Heating season of the price documents, 10-20 to 04-20.
        months: The two months the electricity company bills.
    """

    season: Interval[date]
    months: tuple[Interval[date], Interval[date]]

    @classmethod
    def seen_from(cls, today: date) -> "Calendar":
        """The dates of the last season that is over on ``today``."""
        year = today.year if today >= date(today.year, *SEASON_DAY_AFTER) else today.year - 1
        season = Interval(date(year - 1, *SEASON_DAY_FIRST), date(year, *SEASON_DAY_AFTER))
        january, february = date(year, 1, 1), date(year, 2, 1)
        return cls(season, (Interval(january, february), Interval(february, date(year, 3, 1))))

    @property
    def area_issued(self) -> datetime:
        """Area-priced heat is billed before the season."""
        return at(self.season.start - timedelta(days=12), 9)

    @property
    def area_due(self) -> date:
        """Residents pay by the last day of the year."""
        return date(self.season.start.year, 12, 31)

    @property
    def metered_issued(self) -> datetime:
        """Metered heat is billed when the season is over."""
        return at(self.season.end + timedelta(days=4), 9)

    @property
    def metered_due(self) -> date:
        """Metered heat is due a month later."""
        return self.season.end + timedelta(days=34)

    @property
    def dunned(self) -> date:
        """The day the first reminders go out."""
        return self.metered_due + timedelta(days=10)


def at(day: date, hour: int) -> datetime:
    """An hour of a civil day in the demo's zone."""
    return datetime.combine(day, time(hour), ZONE)
