"""Facts of one rating as JSON and back: only what differs from the defaults, primitives only.

Dates are ISO text, decimals text, sets sorted lists, intervals ``{"start", "end"}``; ``heat`` and ``power`` and
what they hold are mappings of the same names. ``from_json(to_json(facts)) == facts`` for all facts.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from metercash.kernel.errors import MetercashError
from metercash.kernel.interval import Interval
from metercash.rating.facts import RatingFacts


class FactsInvalid(MetercashError):
    """A fact is unknown, missing or not of its type; ``path`` says which."""

    code = "rating.facts_invalid"
    status = 422
    message_zh = "计费事实“{path}”不正确：{reason}。"
    message_en = "The fact '{path}' is not valid: {reason}."


def to_json(facts: RatingFacts) -> dict[str, Any]:
    """What differs from the defaults, as JSON primitives."""
    written: dict[str, Any] = _written(facts)
    return written


def from_json(data: Mapping[str, Any]) -> RatingFacts:
    """Read facts; what is not written has its default.

    Raises:
        FactsInvalid: for an unknown name, a missing period, or a value of another type.
    """
    facts: RatingFacts = _read(RatingFacts, data, "")
    return facts


def _written(value: Any) -> Any:
    if isinstance(value, Interval):
        return {"start": _written(value.start), "end": _written(value.end)}
    if is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: _written(getattr(value, one.name))
            for one in fields(value)
            if getattr(value, one.name) != _default(one)
        }
    if isinstance(value, Mapping):
        return {name: _written(item) for name, item in sorted(value.items())}
    if isinstance(value, frozenset | tuple):
        items = [_written(item) for item in value]
        return sorted(items) if isinstance(value, frozenset) else items
    return _primitive(value)


def _primitive(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _default(one: Field[Any]) -> Any:
    if one.default_factory is not MISSING:
        return one.default_factory()
    return one.default


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any, path: str) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        return _read(next(one for one in inner if one is not type(None)), value, path)
    if origin is Interval:
        return _interval(inner[0], value, path)
    if origin in (tuple, frozenset):
        items = enumerate(_expect(list, value, path, "应为列表"))
        return origin(_read(inner[0], item, f"{path}.{i}") for i, item in items)
    if origin is not None and issubclass(origin, Mapping):
        pairs = _expect(dict, value, path, "应为“名称: 值”的对照表").items()
        return {name: _read(inner[1], item, _below(path, name)) for name, item in pairs}
    return _fields(kind, value, path) if is_dataclass(kind) else _scalar(kind, value, path)


def _fields(kind: Any, value: Any, path: str) -> Any:
    _expect(dict, value, path, "应为“名称: 值”的对照表")
    hints = _types(kind)
    unknown = sorted(set(value) - set(hints))
    if unknown:
        reason = f"没有这个名称，可写 {'、'.join(hints)}"
        raise FactsInvalid(path=_below(path, unknown[0]), reason=reason)
    for one in fields(kind):
        required = one.default is MISSING and one.default_factory is MISSING
        if required and one.name not in value:
            raise FactsInvalid(path=_below(path, one.name), reason="缺少这一项")
    return kind(
        **{name: _read(hints[name], item, _below(path, name)) for name, item in value.items()}
    )


def _interval(kind: Any, value: Any, path: str) -> Any:
    if not isinstance(value, dict) or set(value) != {"start", "end"}:
        raise FactsInvalid(path=path, reason='应为 {"start": 第一天, "end": 之后的第一天}')
    start = _read(kind, value["start"], _below(path, "start"))
    end = _read(kind, value["end"], _below(path, "end"))
    if start >= end:
        raise FactsInvalid(path=path, reason="end 应晚于 start（它是之后的第一天）")
    return Interval(start, end)


def _scalar(kind: Any, value: Any, path: str) -> Any:
    if kind is int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise FactsInvalid(path=path, reason=f"应为整数，不是 {value!r}")
        return value
    text = _expect(str, value, path, "应为文字")
    try:
        if kind is date:
            return date.fromisoformat(text)
        return kind(text)
    except (ValueError, InvalidOperation):
        raise FactsInvalid(path=path, reason=_wanted(kind, text)) from None


def _wanted(kind: Any, text: str) -> str:
    if kind is date:
        return f"应为日期，如 2025-10-20，不是“{text}”"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"应为 {'、'.join(one.value for one in kind)} 之一，不是“{text}”"
    return f"应为数字，不是“{text}”"


def _expect(kind: type, value: Any, path: str, reason: str) -> Any:
    if not isinstance(value, kind):
        raise FactsInvalid(path=path or "facts", reason=reason)
    return value


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
