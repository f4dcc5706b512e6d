"""The difference of two price documents: by component and field, and line by line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from metercash.rating import document, shape, words


class Change(StrEnum):
    """What became of a component or field."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"ADDED": "新增", "REMOVED": "删除", "CHANGED": "修改"}[self.value]


@dataclass(frozen=True, slots=True)
class Difference:
    """One component or field that is not the same.

    Attributes:
        path: Where, such as ``components.1.price``; of the new document unless it was removed.
        component: Chinese name of the component it belongs to; empty for the document's own fields.
        name: Chinese name of the field, or its own name where it has none.
        unit: Unit the field is written in; empty for none.
        old, new: As written; ``None`` where there is none.
        line: Line of the new document, of the old one where it was removed; from 1.
    """

    change: Change
    path: str
    component: str
    name: str
    unit: str
    old: str | None
    new: str | None
    line: int

    def __str__(self) -> str:
        where = f"{self.component}·{self.name}" if self.component else self.name
        unit = f" {self.unit}" if self.unit else ""
        if self.change is Change.CHANGED:
            return f"{self.change.label} {where}：{self.old} → {self.new}{unit}"
        said = self.new if self.change is Change.ADDED else self.old
        return f"{self.change.label} {where}：{said}{unit}"


@dataclass(frozen=True, slots=True)
class _Side:
    data: Any
    lines: dict[tuple[str | int, ...], int]
    places: dict[shape.Path, shape.Place]


def differences(old: str, new: str) -> list[Difference]:
    """What changed in meaning, in the order of the new document; comments and layout do not count.

    Components are held against each other by kind and code, then by their order among equals.

    Raises:
        PlanDocumentInvalid: if one of them is no YAML mapping.
    """
    before, after = _side(old), _side(new)
    found = list(_fields(before, after, (), (), ""))
    return sorted(found, key=lambda one: one.line)


def text_diff(old: str, new: str, *, old_name: str = "old", new_name: str = "new") -> list[str]:
    """Unified difference, line by line, without line ends."""
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), old_name, new_name, lineterm=""
    )
    return list(lines)


def _side(text: str) -> _Side:
    data, lines = document.written(text)
    found = {place.path: place for place in shape.places(document.schema(), data)}
    return _Side(data, lines, found)


def _fields(
    old: _Side, new: _Side, old_path: shape.Path, new_path: shape.Path, component: str
) -> Iterator[Difference]:
    """Differences below two mappings or lists that stand for each other."""
    a, b = _at(old.data, old_path), _at(new.data, new_path)
    if isinstance(a, dict) and isinstance(b, dict):
        for field in dict.fromkeys((*a, *b)):
            yield from _pair(old, new, (*old_path, field), (*new_path, field), component)
    elif _of_mappings(a) and _of_mappings(b):
        for i, j in _matched(a, b):
            left = None if i is None else (*old_path, i)
            right = None if j is None else (*new_path, j)
            yield from _pair(old, new, left, right, component)
    elif a != b:
        yield _difference(old, new, old_path, new_path, component)


def _pair(
    old: _Side,
    new: _Side,
    old_path: shape.Path | None,
    new_path: shape.Path | None,
    component: str,
) -> Iterator[Difference]:
    has_old = old_path is not None and old_path in old.lines
    has_new = new_path is not None and new_path in new.lines
    side, path = (new, new_path) if has_new else (old, old_path)
    assert path is not None
    if len(path) == 2 and path[0] == "components":
        component = _component(_at(side.data, path))
    if has_old and has_new:
        assert old_path is not None
        assert new_path is not None
        yield from _fields(old, new, old_path, new_path, component)
    else:
        yield _difference(
            old, new, old_path if has_old else None, new_path if has_new else None, component
        )


def _difference(
    old: _Side,
    new: _Side,
    old_path: shape.Path | None,
    new_path: shape.Path | None,
    component: str,
) -> Difference:
    change = (
        Change.ADDED if old_path is None else Change.REMOVED if new_path is None else Change.CHANGED
    )
    side, path = (new, new_path) if new_path is not None else (old, old_path)
    assert path is not None
    name, unit = _named(side, path)
    return Difference(
        change=change,
        path=".".join(map(str, path)),
        component="" if name == component else component,
        name=name,
        unit=unit,
        old=None if old_path is None else _shown(_at(old.data, old_path)),
        new=None if new_path is None else _shown(_at(new.data, new_path)),
        line=side.lines[path],
    )


def _named(side: _Side, path: shape.Path) -> tuple[str, str]:
    if len(path) == 2 and path[0] == "components":
        return _component(_at(side.data, path)), ""
    fields = [side.places[path[:n]] for n in range(1, len(path) + 1) if path[:n] in side.places]
    names, unit = [], ""
    for place in fields:
        if place.path == ("components",):
            continue
        if place.type_name:
            word = words.of(place.type_name, place.field)
            names.append(word.name)
            unit = word.unit
        else:
            names.append(place.field)
    if isinstance(path[-1], int):
        names.append(f"第 {path[-1] + 1} 项")
    return "·".join(names) or str(path[-1]), unit


def _component(item: Any) -> str:
    kind = item.get("kind", "") if isinstance(item, dict) else ""
    schema = document.schema()
    mapping = schema["properties"]["components"]["items"]["discriminator"]["mapping"]
    ref = mapping.get(kind)
    name = words.TYPES[ref.rsplit("/", 1)[1]] if ref else str(kind)
    label = item.get("label_zh") if isinstance(item, dict) else None
    return f"{name}“{label}”" if label else name


def _matched(old: list[Any], new: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Positions that stand for each other; ``None`` where one side has no counterpart."""
    left = list(range(len(old)))
    for j, item in enumerate(new):
        i = next((i for i in left if _key(old[i]) == _key(item)), None)
        if i is not None:
            left.remove(i)
        yield i, j
    for i in left:
        yield i, None


def _key(item: dict[str, Any]) -> tuple[Any, ...]:
    names = ("kind", "code", "effective_from", "name", "year", "part")
    return tuple(_shown(item.get(name)) for name in names)


def _of_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _at(data: Any, path: shape.Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
