"""The price document's language for editors and people: JSON Schema and a manual, from the types themselves."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, Final

from metercash.rating import document, words


DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
TITLE: Final = "Metercash 价格文件"


def json_schema() -> dict[str, Any]:
    """The JSON Schema with the Chinese name, unit and meaning of every field.

    Numbers may be written as numbers or as text; either way they are read as exact decimals.
    """
    schema = copy.deepcopy(document.schema())
    for type_name, node in {"DocumentText": schema, **schema["$defs"]}.items():
        node["title"] = words.TYPES[type_name]
        node["description"] = words.TYPES[type_name]
        for field, part in node.get("properties", {}).items():
            word = words.of(type_name, field)
            part["title"], part["description"] = word.name, word.description
            if word.unit:
                part["x-unit"] = word.unit
            _allow_numbers(part)
    return {"$schema": DIALECT, **schema, "title": TITLE}


def text() -> str:
    """The schema as the file that is published."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def manual() -> str:
    """The table part of the manual: every type with every field, its unit, whether it must be written."""
    return "\n".join(_manual()) + "\n"


def _manual() -> Iterator[str]:
    schema = json_schema()
    kinds = schema["properties"]["components"]["items"]["discriminator"]["mapping"]
    yield from _section("The document · 价格文件", schema)
    names = {ref.rsplit("/", 1)[1]: kind for kind, ref in kinds.items()}
    for type_name, kind in names.items():
        node = schema["$defs"][type_name]
        yield from _section(f"`kind: {kind}` · {node['title']}", node)
    for type_name, node in schema["$defs"].items():
        if type_name not in names:
            yield from _section(f"{type_name} · {node['title']}", node)


def _section(title: str, node: dict[str, Any]) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| field | 名称 | unit | value | meaning |"
    yield "|---|---|---|---|---|"
    required = node.get("required", ())
    for field, part in node["properties"].items():
        name = f"**`{field}`**" if field in required else f"`{field}`"
        meaning = part["description"].partition("：")[2]
        default = _default(part)
        yield (
            f"| {name} | {part['title']} | {part.get('x-unit', '')} | {_value(part)} "
            f"| {meaning}{default} |"
        )
    yield ""


def _value(part: dict[str, Any]) -> str:
    options = [one for one in part.get("anyOf", [part]) if one.get("type") != "null"]
    if "$ref" in options[0]:
        return str(options[0]["$ref"].rsplit("/", 1)[1])
    kinds = {one.get("type") for one in options}
    if "const" in options[0] or "enum" in options[0]:
        values = options[0].get("enum", [options[0].get("const")])
        return " ".join(f"`{value}`" for value in dict.fromkeys(map(str, values)))
    if "number" in kinds:
        return "number"
    if options[0].get("type") == "array":
        items = options[0].get("items", {})
        return "list of components" if "discriminator" in items else f"list of {_value(items)}"
    if options[0].get("type") == "object":
        below: Any = options[0].get("additionalProperties") or next(
            iter(options[0].get("patternProperties", {}).values()), {}
        )
        return f"name: {_value(below)}" if isinstance(below, dict) else "names"
    return "date" if options[0].get("format") == "date" else str(options[0].get("type", "text"))


def _default(part: dict[str, Any]) -> str:
    default = part.get("default")
    if default is None or default in ("", [], {}):
        return ""
    shown = default if isinstance(default, str) else json.dumps(default, ensure_ascii=False)
    return f"（默认 {shown}）"


def _allow_numbers(part: dict[str, Any]) -> None:
    """An editor reads ``12`` as a number where the language keeps it as text."""
    for option in (part, *part.get("anyOf", ())):
        written = option.get("enum", [option["const"]] if "const" in option else [])
        numbers = [json.loads(one) for one in written if one.replace(".", "", 1).isdecimal()]
        if numbers:
            option.pop("const", None)
            option.pop("type", None)
            option["enum"] = [*written, *numbers]
