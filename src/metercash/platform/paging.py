"""One page of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar


T = TypeVar("T")

PER_PAGE_MAX = 200
COUNT_MAX = 10_000
"""Lists are counted so far: nobody reads page 200, and counting a million rows costs more than the page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page and where it stands.

    Attributes:
        total: Rows of all pages, or None where counting would cost more than it tells.
        page: Counted from one.
    """

    items: Sequence[T]
    total: int | None
    page: int
    per_page: int

    @property
    def pages(self) -> int | None:
        """Number of pages, at least one; None where the total is unknown."""
        return None if self.total is None else max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """Number of the first row shown, counted from one; zero on an empty list."""
        return (self.page - 1) * self.per_page + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return (self.page - 1) * self.per_page + len(self.items)


def known(counted: int) -> int | None:
    """The total of a list counted up to one more than ``COUNT_MAX``; None if there are more."""
    return counted if counted <= COUNT_MAX else None


def window(page: int, per_page: int) -> slice:
    """The slice of a query for a page; both are brought within their limits."""
    per_page = max(1, min(per_page, PER_PAGE_MAX))
    start = (max(1, page) - 1) * per_page
    return slice(start, start + per_page)
