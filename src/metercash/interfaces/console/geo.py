"""A made-up plan under the communities: an outline, a river and roads around their coordinates.

No administrative boundary is drawn: a map shown in public would need a review number, a plan does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """A community at its coordinates, in degrees."""

    key: int
    latitude: float
    longitude: float


def positions(places: Sequence[Place]) -> dict[int, tuple[float, float]]:
    """Coordinates fitted into a square of 100 with a margin, north up."""
    if not places:
        return {}
    west, east = min(p.longitude for p in places), max(p.longitude for p in places)
    south, north = min(p.latitude for p in places), max(p.latitude for p in places)
    wide, high = max(east - west, 1e-6), max(north - south, 1e-6)
    if len(places) == 1:
        return {places[0].key: (50.0, 50.0)}
    return {
        p.key: (16 + 68 * (p.longitude - west) / wide, 20 + 60 * (p.latitude - south) / high)
        for p in places
    }


def plan() -> dict[str, Any]:
    """The outline as GeoJSON."""
    ring = []
    for step in range(73):
        angle = 2 * pi * step / 72
        bump = 1 + 0.05 * sin(3 * angle + 0.6) + 0.03 * sin(7 * angle)
        ring.append([round(50 + 48 * bump * cos(angle), 2), round(50 + 42 * bump * sin(angle), 2)])
    area = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"name": "plan"}, "geometry": area}
    return {"type": "FeatureCollection", "features": [feature]}


def lines() -> list[dict[str, Any]]:
    """A river and four roads inside the outline."""
    river = [[5 + 3 * n, round(36 + 9 * sin(n / 4.2) - 0.25 * n, 2)] for n in range(31)]
    roads = [
        [[12, 62], [40, 66], [70, 62], [92, 66]],
        [[30, 16], [33, 45], [30, 84]],
        [[66, 14], [63, 48], [68, 86]],
        [[18, 24], [50, 22], [82, 26]],
    ]
    return [{"kind": "river", "coords": river}] + [{"kind": "road", "coords": r} for r in roads]
