"""What is wrong with a price document, in a sentence its author can act on."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pydantic_core import ErrorDetails

from metercash.rating import shape, words
from metercash.rating.facts import CATEGORIES
from metercash.rating.shape import Path, Schema


_NEAR: Final = 3 / 5
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_DAY = re.compile(r"(\d{4})\s*[年/.\-]?\s*(\d{1,2})\s*[月/.\-]?\s*(\d{1,2})\s*[日号]?")
_CONVERSIONS: Final = {
    ("米", "毫米"): Decimal(1000),
    ("m", "毫米"): Decimal(1000),
    ("厘米", "毫米"): Decimal(10),
    ("cm", "毫米"): Decimal(10),
    ("元", "分"): Decimal(100),
    ("%", "‰"): Decimal(10),
    ("‰", "%"): Decimal(1) / 10,
}
# Below this a value was most likely written in another unit: the factor to the right one.
_LEAST: Final = {
    "%": (Decimal(3) / 10, 100),
    "‰": (Decimal(1) / 100, 1000),
    "毫米": (Decimal(100), 1000),
}
_YES_NO = {"是": "true", "对": "true", "要": "true", "否": "false", "不": "false", "不要": "false"}
_QUOTES = "“”‘’「」\"'"

_PLAIN: Final = {
    "union_tag_not_found": "每个组件都要写 kind（组件种类）",
    "decimal_max_places": "小数不得超过 {decimal_places} 位",
    "decimal_max_digits": "数字不得超过 {max_digits} 位",
    "finite_number": "应为有限的数",
    "greater_than": "应大于 {gt}，不是 {input}",
    "greater_than_equal": "不得小于 {ge}，不是 {input}",
    "less_than_equal": "不得大于 {le}，不是 {input}",
    "string_type": "应为文字",
    "string_too_short": "不能为空",
    "string_too_long": "不得超过 {max_length} 个字符",
    "string_pattern_mismatch": "只能用小写字母、数字和连字符，如 harbin-heat",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "tuple_type": "应为列表，如 [2880, 4800]，或每项一行并以“- ”开头",
    "list_type": "应为列表，如 [2880, 4800]，或每项一行并以“- ”开头",
    "dict_type": "应为“名称: 值”的对照表",
    "mapping_type": "应为“名称: 值”的对照表",
    "dataclass_type": "应为“名称: 值”的对照表",
}

# What the reader of YAML says, and what the author most likely did.
_YAML: Final = (
    (r"'\\t'|\t", "这一行用了制表符（Tab），缩进请改用空格"),
    (r"could not find expected ':'", "这一行不完整：应为“名称: 值”，冒号后要有一个空格"),
    (
        r"mapping values are not allowed",
        "这一行的缩进或冒号不对：同级的名称应左对齐，值里有冒号应加引号",
    ),
    (r"expected <block end>", "这一行的缩进与上面不一致：同级的名称应左对齐"),
    (r"expected ',' or '[\]}]'", "括号没有配对，或两项之间缺少逗号"),
    (r"found unexpected end of stream", "引号没有配对"),
    (r"found character '[%@`]'", "值以特殊符号开头，请给它加引号"),
)


def unreadable(problem: str, line_text: str) -> str:
    """Why a text is no YAML, from what its reader says and the line it stopped at."""
    if "：" in line_text and ":" not in line_text:
        return "不是合法的 YAML：用了全角冒号“：”，应写半角冒号加空格“: ”"
    for pattern, sentence in _YAML:
        if re.search(pattern, problem):
            return f"不是合法的 YAML：{sentence}"
    return f"不是合法的 YAML（{problem}）"


def reason(detail: ErrorDetails, path: Path, schema: Schema, data: Any) -> str:
    """The sentence for one refused field."""
    kind = detail["type"]
    context = {"input": detail["input"], **detail.get("ctx", {})}
    if kind == "value_error":
        return str(context["error"])
    parent, names = shape.type_at(schema, data, path[:-1])
    name = str(path[-1]) if path else ""
    word = _word(parent, name)
    speak = _SPEAKERS.get(kind)
    if speak is not None:
        return speak(context, name, names, word)
    return _PLAIN.get(kind, "不正确：" + detail["msg"]).format(**context)


def meant(name: str, names: Sequence[str]) -> str | None:
    """The known name a misspelled, Chinese or full-width one most likely stands for."""
    plain = unicodedata.normalize("NFKC", name).split(":")[0]
    if plain in names:
        return plain
    by_chinese = [one for one in names if one in words.FIELDS and words.FIELDS[one].name == plain]
    near = by_chinese or difflib.get_close_matches(plain.lower(), names, 1, _NEAR)
    return near[0] if near else None


def hints(schema: Schema, data: Any) -> Iterator[tuple[Path, str]]:
    """What is allowed but most likely a mistake: shares for percentages, meters for millimeters."""
    for index, part in enumerate(data["components"]):
        for unknown in (code for code in part.get("categories", ()) if code not in CATEGORIES):
            yield (
                ("components", index, "categories"),
                f"没有“{unknown}”这类用户，这一项对谁都不起作用；可写 {'、'.join(CATEGORIES)}",
            )
    for place in shape.places(schema, data):
        word = _word(place.type_name, place.field)
        number = _number(place.value) if isinstance(place.value, str) else None
        if word is None or number is None or number <= 0:
            continue
        if word.unit in _LEAST and number < _LEAST[word.unit][0]:
            _, times = _LEAST[word.unit]
            yield (
                place.path,
                (
                    f"{word.name}按 {word.unit} 填写，现在是 {place.value} {word.unit}；"
                    f"如果想写 {_short(number * times)} {word.unit}，请改成 {_short(number * times)}"
                ),
            )


def _word(parent: str, name: str) -> words.Word | None:
    try:
        return words.of(parent, name) if parent else None
    except KeyError:
        return None


def _missing(context: Any, name: str, names: Sequence[str], word: words.Word | None) -> str:
    return f"缺少必填项 {name}（{word.description}）" if word else f"缺少必填项 {name}"


def _unknown(context: Any, name: str, names: Sequence[str], word: words.Word | None) -> str:
    plain = unicodedata.normalize("NFKC", name)
    said = f"没有“{name}”这个名称"
    if ":" in plain:
        return f"{said}：冒号应为半角，后面要有一个空格，如 {plain.replace(':', ': ', 1)}"
    if plain in names:
        return f"{said}：用了全角字符，应写 {plain}"
    near = meant(name, names)
    if near:
        return f"{said}，是不是 {near}？"
    return f"{said}；这里可以写：{'、'.join(names)}" if names else said


def _literal(context: Any, name: str, names: Sequence[str], word: words.Word | None) -> str:
    options = re.findall(r"'([^']*)'", context["expected"])
    return f"应为 {_listed(options)} 之一，不是“{context['input']}”" + _nearest(
        str(context["input"]), options
    )


def _tag(context: Any, name: str, names: Sequence[str], word: words.Word | None) -> str:
    kinds = {kind: _kind_zh(kind) for kind in re.findall(r"'([^']*)'", context["expected_tags"])}
    written = unicodedata.normalize("NFKC", str(context["tag"]))
    near = [kind for kind, chinese in kinds.items() if written and written in chinese]
    near = near or difflib.get_close_matches(written.lower(), list(kinds), 1, _NEAR)
    if near:
        told = _listed([f"{kind}（{kinds[kind]}）" for kind in near])
        return f"没有“{context['tag']}”这种组件，kind 是不是 {told}？"
    return f"kind 应为 {_listed(list(kinds))} 之一，不是“{context['tag']}”"


def _kind_zh(kind: str) -> str:
    """Chinese name of a component kind, whose type bears the same name in capitals."""
    return words.TYPES.get("".join(part.title() for part in kind.split("_")), kind)


def _decimal(context: Any, name: str, names: Sequence[str], word: words.Word | None) -> str:
    return _as_number(context["input"], word, "数字")


def _integer(context: Any, name: str, names: Sequence[str], word: words.Word | None) -> str:
    return _as_number(context["input"], word, "整数")


def _as_number(given: Any, word: words.Word | None, wanted: str) -> str:
    if isinstance(given, dict | list):
        return f"应为一个{wanted}，不是列表或对照表"
    unit = word.unit if word else ""
    text = "" if given is None else str(given).strip()
    plain = unicodedata.normalize("NFKC", text).strip().strip(_QUOTES)
    if not plain:
        return f"应为{wanted}，现在是空的" + (f"（单位：{unit}）" if unit else "")
    advice = _advice(text, plain, unit, whole=wanted == "整数")
    return f"应为{wanted}，不是“{text}”{advice}"


def _advice(text: str, plain: str, unit: str, *, whole: bool) -> str:
    """How to write the number that was meant; the unit where it cannot be told."""
    asked = f"（单位：{unit}）" if unit else ""
    if plain != text and _NUMBER.fullmatch(plain):
        return f"：用了全角字符或引号，应写 {plain}"
    if _THOUSANDS.fullmatch(plain):
        return f"：不写千位逗号，应写 {plain.replace(',', '')}"
    if re.fullmatch(r"\d+,\d+", text) and not whole:
        return f"：小数点用“.”，应写 {plain.replace(',', '.')}"
    if "," in plain or "、" in plain:
        return "：列表各项之间用半角逗号，如 [2880, 4800]"
    if match := re.fullmatch(r"([-+]?\d+(?:\.\d+)?)\s*([^\d\s.].*)", plain):
        return f"：{_without_unit(match[1], match[2], unit)}"
    return f"：这里不能有小数{asked}" if whole and _NUMBER.fullmatch(plain) else asked


def _without_unit(number: str, written: str, unit: str) -> str:
    times = _CONVERSIONS.get((written, unit))
    if times is not None:
        return f"本项单位是{unit}，应写 {_short(Decimal(number) * times)}"
    if written in {"%", "‰"} and written != unit:
        share = Decimal(number) / (100 if written == "%" else 1000)
        asked = f"（单位：{unit}）" if unit else ""
        return f"这里不按百分数写{asked}，应写 {_short(share)}"
    asked = f"（本项单位：{unit}）" if unit else ""
    return f"只写数字 {number}，不带“{written}”{asked}"


def _short(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _date(context: Any, name: str, names: Sequence[str], word: words.Word | None) -> str:
    text = str(context["input"])
    told = f"应为日期，如 2025-10-20，不是“{text}”"
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return told
    try:
        return f"{told}：应写 {date(int(match[1]), int(match[2]), int(match[3])).isoformat()}"
    except ValueError:
        return f"{told}：日历上没有这一天"


def _bool(context: Any, name: str, names: Sequence[str], word: words.Word | None) -> str:
    text = str(context["input"])
    meant = _YES_NO.get(text)
    return f"应为 true 或 false，不是“{text}”" + (f"：应写 {meant}" if meant else "")


def _nearest(given: str, options: Sequence[str]) -> str:
    plain = unicodedata.normalize("NFKC", given)
    by_case = {option.lower(): option for option in options}
    near = difflib.get_close_matches(plain.lower(), list(by_case), 1, _NEAR)
    return f"；是不是 {by_case[near[0]]}？" if near else ""


def _listed(options: Sequence[str]) -> str:
    return "、".join(options)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
        return number if number.is_finite() else None
    except InvalidOperation:
        return None


_SPEAKERS: Final[dict[str, Callable[[Any, str, Sequence[str], words.Word | None], str]]] = {
    "missing": _missing,
    "unexpected_keyword_argument": _unknown,
    "literal_error": _literal,
    "union_tag_invalid": _tag,
    "decimal_parsing": _decimal,
    "decimal_type": _decimal,
    "int_parsing": _integer,
    "int_from_float": _integer,
    "int_type": _integer,
    "date_parsing": _date,
    "date_type": _date,
    "date_from_datetime_parsing": _date,
    "date_from_datetime_inexact": _date,
    "bool_parsing": _bool,
    "bool_type": _bool,
}
