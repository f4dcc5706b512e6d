"""Every route of the product, found by walking the URL configuration."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """One address pattern and the view behind it."""

    pattern: str
    view: Callable[..., Any]
    address: str

    @property
    def permission(self) -> str | None:
        """The permission the page asks for, None where it asks for none."""
        return getattr(self.view, "required_permission", None)

    @property
    def public(self) -> bool:
        """Whether the page says it is for everybody."""
        return bool(getattr(self.view, "public", False))


SAMPLES = {
    "int": "1",
    "slug": "sample",
    "str": "sample",
    "path": "sample",
    "date": date(2026, 1, 20).isoformat(),
}


def all_routes(prefix: str = "") -> list[Route]:
    """Routes whose pattern begins with the prefix."""
    return [route for route in _walk(get_resolver(), "") if route.pattern.startswith(prefix)]


def _walk(resolver: URLResolver, before: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(pattern, entry.callback, "/" + _filled(pattern))
        else:
            yield from _walk(entry, pattern)


def _filled(pattern: str) -> str:
    parts = []
    for piece in pattern.split("<"):
        inside, closed, tail = piece.partition(">")
        kind = inside.partition(":")[0] if ":" in inside else "str"
        parts.append(SAMPLES[kind] + tail if closed else piece)
    return "".join(parts)
