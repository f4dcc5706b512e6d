"""Read a price document: YAML to a plan, every mistake with its line and what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails

from metercash.rating import mistakes, shape
from metercash.rating.components import Component, TimeOfUse
from metercash.rating.components.base import STRICT, Season
from metercash.rating.errors import PlanDocumentInvalid, Problem
from metercash.rating.losses import Losses
from metercash.rating.month_day import MonthDay
from metercash.rating.plan import LateFeePolicy, Plan
from metercash.rating.terms.corrections import CorrectionTerms
from metercash.rating.terms.instalments import InstalmentTerms
from metercash.rating.terms.prepay import PrepayTerms
from metercash.rating.terms.refund import RefundTerms, check_versions


MAX_CHARACTERS = 64_000
MAX_PROBLEMS = 50

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Grade = Literal["A", "B", "C", "D"]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class SeasonText:
    """``until`` is the first day without heat."""

    start: MonthDay
    until: MonthDay

    def parsed(self) -> Season:
        from_month, from_day = map(int, self.start.split("-"))
        until_month, until_day = map(int, self.until.split("-"))
        return Season(from_month, from_day, until_month, until_day)


PerMille = Annotated[Decimal, Field(ge=0, le=10, decimal_places=4)]
OfPrincipal = Annotated[Decimal, Field(gt=0, le=1000, decimal_places=6)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class LateFeeText:
    """Late fee as the document words it; see :class:`~metercash.rating.terms.late_fee.LateFeeTerms`."""

    confidence: Grade
    citation: Name
    per_mille_per_day: PerMille | None = None
    flat_percent: Annotated[Decimal, Field(gt=0, le=100, decimal_places=4)] | None = None
    grace_days: Annotated[int, Field(ge=0, le=365)] = 0
    max_percent_of_principal: OfPrincipal | None = None
    min_fen: Annotated[int, Field(ge=0)] = 0
    cross_year_per_mille: PerMille | None = None
    cross_year: Literal["SPLIT", "ALL_DAYS"] = "SPLIT"
    base: Literal["UNPAID_PRINCIPAL", "FULL_PRINCIPAL"] = "UNPAID_PRINCIPAL"
    stops_at_cut_off: bool = False
    heat_loss_percent: Annotated[Decimal, Field(gt=0, le=100, decimal_places=4)] | None = None

    def __post_init__(self) -> None:
        if (self.per_mille_per_day is None) == (self.flat_percent is None):
            msg = "per_mille_per_day 与 flat_percent 应写且只写一个"
            raise ValueError(msg)
        if self.flat_percent is not None and (
            self.cross_year_per_mille is not None or self.base == "FULL_PRINCIPAL"
        ):
            msg = "flat_percent 一次计收，不应再写 cross_year_per_mille 或 FULL_PRINCIPAL"
            raise ValueError(msg)
        if self.cross_year == "ALL_DAYS" and self.cross_year_per_mille is None:
            msg = "写了 cross_year 就应写 cross_year_per_mille"
            raise ValueError(msg)

    def parsed(self) -> LateFeePolicy:
        written = {field.name: getattr(self, field.name) for field in fields(LateFeePolicy)}
        return LateFeePolicy(
            **{**written, "per_mille_per_day": self.per_mille_per_day or Decimal(0)}
        )


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class DocumentText:
    """The document as written; see docs/algorithms for the component kinds."""

    code: Code
    name_zh: Name
    name_en: Name
    locality: Code
    commodity: Literal["HEAT", "POWER"]
    citation: Name
    source: Name
    confidence: Grade
    effective_from: date
    components: Annotated[tuple[Component, ...], Field(min_length=1, max_length=40)]
    confidence_note: Annotated[str, Field(max_length=500)] = ""
    effective_until: date | None = None
    season: SeasonText | None = None
    late_fee: LateFeeText | None = None
    refund: Annotated[tuple[RefundTerms, ...], Field(max_length=20)] = ()
    instalments: InstalmentTerms | None = None
    prepay: PrepayTerms | None = None
    losses: Losses | None = None
    corrections: CorrectionTerms | None = None

    def __post_init__(self) -> None:
        check_versions(self.refund)
        if self.effective_until is not None and self.effective_until <= self.effective_from:
            msg = "effective_until 应晚于 effective_from（它是失效的第一天）"
            raise ValueError(msg)
        if sum(isinstance(component, TimeOfUse) for component in self.components) > 1:
            msg = "一份价格文件至多一个 time_of_use"
            raise ValueError(msg)
        if len(self.units()) > 1:
            msg = f"各计量组件的 unit 应一致，实有 {'、'.join(sorted(self.units()))}"
            raise ValueError(msg)

    def units(self) -> set[str]:
        """Units of usage the components price; subsidies follow them."""
        return {
            unit
            for component in self.components
            if component.kind != "subsidy" and (unit := getattr(component, "unit", None))
        }

    def parsed(self) -> Plan:
        """The plan this document describes."""
        tou = [c.calendar for c in self.components if isinstance(c, TimeOfUse)]
        return Plan(
            code=self.code,
            name_zh=self.name_zh,
            name_en=self.name_en,
            locality=self.locality,
            commodity=self.commodity,
            citation=self.citation,
            source=self.source,
            confidence=self.confidence,
            confidence_note=self.confidence_note,
            effective_from=self.effective_from,
            effective_until=self.effective_until,
            components=self.components,
            season=self.season.parsed() if self.season else None,
            time_of_use=tou[0] if tou else None,
            usage_unit=next(iter(self.units()), None),
            late_fee=self.late_fee.parsed() if self.late_fee else None,
            refund=self.refund,
            instalments=self.instalments,
            prepay=self.prepay,
            losses=self.losses,
            corrections=self.corrections,
        )


_ADAPTER = TypeAdapter(DocumentText)


def parse(text: str) -> Plan:
    """Parse a price document.

    Every scalar is read as text and converted by its field, so no price passes through a float.

    Raises:
        PlanDocumentInvalid: with every problem found, each with its line and what was expected.
    """
    if len(text) > MAX_CHARACTERS:
        raise PlanDocumentInvalid([Problem(1, "", f"文件超过 {MAX_CHARACTERS} 个字符")])
    root = _compose(text)
    lines, data = dict(_lines(root, ())), _plain(root)
    try:
        document = _ADAPTER.validate_python(data)
    except ValidationError as error:
        details = [one for one in error.errors(include_url=False) if not _echoes(one)]
        raise PlanDocumentInvalid(_problems(details[:MAX_PROBLEMS], lines, data)) from None
    return document.parsed()


def hints(text: str) -> list[Problem]:
    """What in a valid document is most likely a mistake, with its line.

    Raises:
        PlanDocumentInvalid: if the document is not valid.
    """
    parse(text)
    root = _compose(text)
    lines = dict(_lines(root, ()))
    return [
        Problem(_line(path, lines), ".".join(map(str, path)), said)
        for path, said in mistakes.hints(schema(), _plain(root))
    ]


def written(text: str) -> tuple[dict[str, Any], dict[tuple[str | int, ...], int]]:
    """A document as written, every scalar as text, and the line of each path.

    Raises:
        PlanDocumentInvalid: if it is no YAML mapping.
    """
    root = _compose(text)
    data: dict[str, Any] = _plain(root)
    return data, dict(_lines(root, ()))


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """JSON Schema of the types as they stand; :mod:`metercash.rating.schema` adds words and units."""
    return _ADAPTER.json_schema()


def _echoes(detail: ErrorDetails) -> bool:
    """Whether a list counts as too short only because its items were refused one by one."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _compose(text: str) -> yaml.Node:
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                mark = event.start_mark
                raise _refused(mark.line if mark else 0, "不允许使用 YAML 引用（*）")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        told_late = "could not find expected ':'" in str(error.problem)
        mark = error.context_mark if told_late else error.problem_mark
        line = mark.line if mark else 0
        at = [*text.splitlines(), ""][min(line, text.count("\n"))]
        raise _refused(line, mistakes.unreadable(str(error.problem), at)) from None
    except yaml.YAMLError:
        raise _refused(0, "含有 YAML 不允许的字符") from None
    if not isinstance(root, yaml.MappingNode):
        raise _refused(0, "应为“名称: 值”的对照表，冒号为半角，后面要有一个空格")
    _refuse_doubled(root)
    return root


def _refused(line: int, reason: str) -> PlanDocumentInvalid:
    return PlanDocumentInvalid([Problem(line + 1, "", reason)])


def _refuse_doubled(node: yaml.Node) -> None:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refused(key.start_mark.line, "名称应为简单文字")
            if key.value in seen:
                raise _refused(key.start_mark.line, f"“{key.value}”重复出现")
            seen.add(key.value)
            _refuse_doubled(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_doubled(item)


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return None if node.tag == "tag:yaml.org,2002:null" else node.value


def _lines(node: yaml.Node, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[Any, ...], int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*path, key.value))
            yield (*path, key.value), key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(item, (*path, index))


def _problems(
    details: Sequence[ErrorDetails], lines: dict[tuple[Any, ...], int], data: Any
) -> list[Problem]:
    """One problem each; a field that is there under a wrong name is not also missing."""
    placed = [(_document_path(detail["loc"], lines, data), detail) for detail in details]
    misnamed = {
        (path[:-1], mistakes.meant(str(path[-1]), shape.type_at(schema(), data, path[:-1])[1]))
        for path, detail in placed
        if detail["type"] == "unexpected_keyword_argument"
    }
    return [
        Problem(
            _line(path, lines),
            ".".join(map(str, path)),
            mistakes.reason(detail, path, schema(), data),
        )
        for path, detail in placed
        if detail["type"] != "missing" or (path[:-1], path[-1]) not in misnamed
    ]


def _line(path: tuple[str | int, ...], lines: dict[tuple[Any, ...], int]) -> int:
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _document_path(
    location: Sequence[str | int], lines: dict[tuple[Any, ...], int], data: Any
) -> tuple[str | int, ...]:
    """The path without the union's tags, which are no names of the document."""
    path: tuple[str | int, ...] = ()
    for index, part in enumerate(location):
        after_item = len(path) == 2 and path[0] == "components"
        if after_item and (*path, part) not in lines:
            is_tag = index < len(location) - 1 or _kind(data, path) == part
            if is_tag:
                continue
        path = (*path, part)
    return path


def _kind(data: Any, path: tuple[str | int, ...]) -> Any:
    item = data["components"][path[1]]
    return item.get("kind") if isinstance(item, dict) else None
