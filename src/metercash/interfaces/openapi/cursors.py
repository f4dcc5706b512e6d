"""Cursor pages: ``limit`` and ``starting_after`` in, ``has_more`` and ``next_cursor`` out."""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from ninja import Schema
from pydantic import Field

from metercash.kernel.errors import InvalidInput
from metercash.platform.paging import Page


T = TypeVar("T")

Limit = Annotated[int, Field(ge=1, le=200, description="Rows in one answer")]
Cursor = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_=-]*$")]


class Listed(Schema):
    """What every list answers beside its items."""

    has_more: bool
    next_cursor: str | None


def read(cursor: str) -> int:
    """The page a cursor stands for; the empty cursor is the first page.

    Raises:
        InvalidInput: if it is no cursor of ours.
    """
    if not cursor:
        return 1
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        text = ""
    prefix, _, number = text.partition(":")
    if prefix != "p" or not number.isdecimal() or not 0 < int(number) < 10**9:
        raise InvalidInput(field="starting_after", reason="不是本接口给出的游标")
    return int(number)


def answer(page: Page[T], render: Callable[[T], Any]) -> dict[str, Any]:
    """A page as the API shows it."""
    total_pages = page.pages
    more = len(page.items) == page.per_page and (total_pages is None or page.page < total_pages)
    cursor = base64.urlsafe_b64encode(f"p:{page.page + 1}".encode()).decode() if more else None
    return {"items": [render(item) for item in page.items], "has_more": more, "next_cursor": cursor}
