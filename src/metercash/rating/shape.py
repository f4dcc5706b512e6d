"""Finds one's way through a price document along its JSON Schema: which type and field stands where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


Schema: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One field as written.

    Attributes:
        path: Names and list positions that lead to it.
        type_name: Type of the mapping it stands in; empty where names are free, such as zones.
    """

    path: Path
    type_name: str
    field: str
    value: Any


def places(schema: Schema, data: Any) -> Iterator[Place]:
    """Every field of a document, outer before inner; what the schema does not know is left out."""
    yield from _places(schema, schema, data, ())


def type_at(schema: Schema, data: Any, path: Path) -> tuple[str, tuple[str, ...]]:
    """Type of the mapping at a path, and the names it may hold; both empty where it has none."""
    node: Schema | None = schema
    for part in path:
        node = _below(schema, node, data, part) if node is not None else None
        data = _item(data, part)
    if node is None:
        return "", ()
    node = _resolved(schema, node, data)
    return str(node.get("title", "")), tuple(node.get("properties", ()))


def _places(schema: Schema, node: Schema, data: Any, path: Path) -> Iterator[Place]:
    node = _resolved(schema, node, data)
    known = node.get("properties")
    items: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(data, dict):
        items = iter(data.items())
    elif isinstance(data, list):
        items = iter(enumerate(data))
    for part, value in items:
        below = _below(schema, node, data, part)
        if below is None:
            continue
        if isinstance(data, dict):
            type_name = str(node.get("title", "")) if known else ""
            yield Place((*path, part), type_name, str(part), value)
        yield from _places(schema, below, value, (*path, part))


def _below(schema: Schema, node: Schema, data: Any, part: str | int) -> Schema | None:
    node = _resolved(schema, node, data)
    if isinstance(part, int):
        found = node.get("items")
    else:
        found = node.get("properties", {}).get(part)
        if found is None and "properties" not in node:
            patterns = list(node.get("patternProperties", {}).values())
            found = node.get("additionalProperties") or (patterns[0] if patterns else None)
    return found if isinstance(found, Mapping) else None


def _resolved(schema: Schema, node: Schema, data: Any) -> Schema:
    """What a reference or a choice stands for; a choice of kinds is made by the ``kind`` written."""
    if "$ref" in node:
        found: Schema = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        return _resolved(schema, found, data)
    if "discriminator" in node:
        kind = data.get("kind") if isinstance(data, dict) else None
        ref = node["discriminator"]["mapping"].get(kind) if isinstance(kind, str) else None
        return _resolved(schema, {"$ref": ref}, data) if ref else {}
    if "anyOf" in node:
        options = [one for one in node["anyOf"] if one.get("type") != "null"]
        return _resolved(schema, options[0], data)
    return node


def _item(data: Any, part: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(part)
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        return data[part]
    return None
