"""One half-open interval for dates, instants and slot numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar


T = TypeVar("T", date, datetime, int)


@dataclass(frozen=True, slots=True)
class Interval(Generic[T]):
    """``[start, end)``: contains its start, not its end; never empty."""

    start: T
    end: T

    def __post_init__(self) -> None:
        if not self.start < self.end:
            msg = f"interval must not be empty: [{self.start}, {self.end})"
            raise ValueError(msg)

    def __contains__(self, point: T) -> bool:
        return self.start <= point < self.end

    def __and__(self, other: Interval[T]) -> Interval[T] | None:
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None

    def overlaps(self, other: Interval[T]) -> bool:
        """Whether the two share at least one point."""
        return self.start < other.end and other.start < self.end

    def split(self, points: Iterable[T]) -> list[Interval[T]]:
        """Cut at every point strictly inside; the parts join back to the whole."""
        cuts: list[T] = sorted({point for point in points if self.start < point < self.end})
        bounds: list[T] = [self.start]
        bounds.extend(cuts)
        bounds.append(self.end)
        return [Interval(start, bounds[i]) for i, start in enumerate(bounds[:-1], start=1)]


def days(interval: Interval[date]) -> int:
    """Number of civil days in a date interval."""
    return (interval.end - interval.start).days


def each_day(interval: Interval[date]) -> Iterator[date]:
    """Every civil day of a date interval in order."""
    for offset in range(days(interval)):
        yield interval.start + timedelta(days=offset)
