"""What a bill is made from, as it is written; exact numbers, days, and the lines made so far."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple


ZERO, ONE = Fraction(0), Fraction(1)
NOTHING: tuple[Any, ...] = (None, "", "~", "null", "Null", "NULL", [], {})
# Words that price nothing; any other is known if the calculator asks for it somewhere.
SILENT = """name_zh name_en label_zh label_en locality commodity source confidence confidence_note
clause citation index_unit counts_in_ladder listed hours holidays announced low_factor low_code late_fee
refund instalments prepay corrections"""
SAID = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("*.py"))
WORDS = {*SILENT.split(), *re.findall(r'"([a-z0-9_]+)"', SAID)}
FREELY_NAMED = ("zones", "models", "usage", "floats", "fixed", "heat_factors", "crossed")


def need(condition: object, name: object) -> None:
    if not condition:
        raise LookupError(name)


def number(text: object) -> Fraction:
    """A decimal as text or a whole number; nothing that has been a float."""
    need(not isinstance(text, float) and "/" not in str(text), text)
    return Fraction(str(text))


def half_up(value: Fraction, decimals: int = 0) -> Fraction:
    """Rounded to decimals, halves away from zero."""
    whole = int(abs(value) * 10**decimals + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


def shared_out(total: int, weights: Sequence[Fraction]) -> list[int]:
    """Whole parts that sum to the total, by largest remainder; of equals the earlier is favored."""
    exact = [abs(total) * weight / sum(weights) for weight in weights]
    parts = [int(share) for share in exact]
    wanting = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in wanting[: abs(total) - sum(parts)]:
        parts[index] += 1
    return [part if total >= 0 else -part for part in parts]


class Written(dict[str, Any]):
    """Names and what is written under them; called by a name it gives the number there."""

    def __init__(self, data: Mapping[str, Any], *, is_free: bool = False) -> None:
        super().__init__({name: value for name, value in data.items() if value not in NOTHING})
        need(is_free or WORDS.issuperset(self), "、".join(self.keys() - WORDS))

    def __call__(self, name: str, default: int | None = None) -> Fraction:
        need(name in self or default is not None, name)
        return number(self.get(name, default))

    def kilo(self, name: str, default: int | None = None) -> Fraction:
        """A number told in thousandths; it must be above zero where no default is given."""
        need(self(name, default) > 0 or default is not None, name)
        return self(name, default) / 1000

    def says(self, name: str) -> bool:
        return str(self.get(name)).lower() in ("true", "yes", "on", "1", "t", "y")

    def numbers(self, name: str) -> list[Fraction]:
        return [number(one) for one in self.get(name, ())]

    def under(self, name: str, *, is_free: bool = False) -> Written:
        return Written(self.get(name, {}), is_free=is_free or name in FREELY_NAMED)

    def each(self, name: str) -> list[Written]:
        return [Written(one) for one in self.get(name, ())]

    def days(self) -> tuple[date, date]:
        """First day, and first day after; an interval not written holds every day."""
        start, end = self.get("start", "0001-01-01"), self.get("end", "9999-12-31")
        return date.fromisoformat(start), date.fromisoformat(end)


class Due(NamedTuple):
    code: str
    quantity: Fraction
    price: Fraction
    exact: Fraction
    fen: int


class Account(Written):
    """The facts of one account and stretch of days; usage in units; the lines made so far."""

    def __init__(self, facts: Mapping[str, Any], season: Written) -> None:
        super().__init__({**facts, **facts.get("heat", {}), **facts.get("power", {})})
        self.start, self.end = self.under("period").days()
        self.each_day = [self.start + timedelta(n) for n in range((self.end - self.start).days)]
        self.season, self.supply = season, self.get("supply", "HEATED")
        self.usage = {zone: number(milli) / 1000 for zone, milli in self.get("usage", {}).items()}
        self.evidence = {*self.get("evidence", ())}
        self.lines: list[Due] = []

    def add(self, code: str, size: Fraction, price: Fraction, exact: Any = None) -> None:
        """A line of price × size or another exact amount, rounded half up once."""
        exact = price * size if exact is None else exact
        self.lines.append(Due(code, size, price, exact, int(half_up(exact, 2) * 100)))

    def settle(self, code: str, exact: Fraction) -> None:
        if exact:
            self.add(code, ONE, ONE, exact)

    def printed(self, on: Any = (), without: Any = (), since: int = 0) -> Fraction:
        """Yuan of the lines whose codes begin so; of all where none is named."""
        lines = [one for one in self.lines[since:] if one.code.startswith(tuple(on) or "")]
        fen = sum(one.fen for one in lines if not one.code.startswith(tuple(without)))
        return Fraction(fen, 100)

    def used(self, zone: str = "total", unit: str = "kWh") -> Fraction:
        """Usage of a zone; a total must agree with the zones."""
        zones = sum(used for name, used in self.usage.items() if name != "total")
        whole = {"total": Fraction(zones), **self.usage}
        agree = zone != "total" or len(self.usage) == 1 or whole[zone] == zones
        need(self.get("usage_unit", "kWh") == unit and self.usage and zone in whole and agree, zone)
        return whole[zone]

    def months(self) -> list[int]:
        """Calendar months of the stretch: one for each begun from its first day of the month."""
        count = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        count += self.start.day < self.end.day
        return [(self.start.month - 1 + offset) % 12 + 1 for offset in range(count)]

    def thirtieths(self, days: int) -> int:
        """So many days as thirtieths of a month; all days of 28 to 31 are the month."""
        need((whole := len(self.each_day)) <= 31, "period")
        return 30 if days == whole >= 28 else min(30, days)

    def heating_season(self) -> tuple[date, date]:
        """The season that holds the first day, or the next; without seasons the stretch."""
        begins, ends = self.start, self.end
        for year in range(begins.year - 1, begins.year + 2) if self.season else ():
            begins = date.fromisoformat(f"{year}-{self.season['start']}")
            ends = date.fromisoformat(f"{year}-{self.season['until']}")
            ends = ends if ends > begins else ends.replace(year=year + 1)
            if self.start < ends:
                break
        return begins, ends
