"""The calculator of a price: what it must ask, and the answers as facts.

A price asks only what it prices by: a home by area is not asked for its persons, a shop not for its tiers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from metercash.contexts.customers.contracts import EVIDENCE_LABELS
from metercash.interfaces.web import borrowed
from metercash.interfaces.web.states import NAMES, name_of
from metercash.kernel.errors import InvalidInput
from metercash.kernel.interval import Interval
from metercash.rating.components import AreaParts, Demand, HeightSurcharge, PowerFactor, StopFee
from metercash.rating.facts_heat import Supply
from metercash.rating.plan import Plan


_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?")
_SUPPLIES: Final = {
    Supply.HEATED: "正常用热",
    Supply.STOPPED: "全季停热",
    Supply.RESUMED: "中途恢复用热",
    Supply.FIRST_CONNECTION: "中途首次用热",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One field of the calculator.

    Attributes:
        path: Where the answer stands among the facts, such as ``usage.peak`` or ``heat.supply``.
        kind: ``number`` (thousandths of the unit), ``whole`` (a count), ``date``, ``choice`` or ``proof``.
        choices: Values and their words, for a choice.
        value: What was answered, or what the calculator offers.
    """

    path: str
    label: str
    kind: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""

    @property
    def mark(self) -> str:
        """Name of the input field."""
        return self.path.replace(".", "-")


def questions(plan: Plan, given: Mapping[str, str], today: date) -> list[Question]:
    """What the plan prices by, each with the answer given or one to begin with."""
    asked = [*_period(plan, today), *_customer(plan), *_home(plan), *_usage(plan), *_contract(plan)]
    asked += [
        Question(f"evidence.{code}", _proof(code), "proof") for code in sorted(_evidence(plan))
    ]
    return [_answered(one, given) for one in asked]


def facts(plan: Plan, asked: list[Question]) -> dict[str, Any]:
    """The answers as ``rating.facts_json`` reads them.

    Raises:
        InvalidInput: naming the field whose answer cannot be read.
    """
    told: dict[str, Any] = {}
    for one in asked:
        if one.kind == "proof":
            if one.value:
                told.setdefault("evidence", []).append(one.path.removeprefix("evidence."))
        elif one.value:
            _put(told, one.path, _read(one))
    period = told.get("period", {})
    if not "" < period.get("start", "") < period.get("end", ""):
        raise InvalidInput(field=_("计费止日"), reason=_("应晚于计费起日"))
    if plan.usage_unit:
        told["usage_unit"] = plan.usage_unit
    if parts := told.get("heat", {}).get("parts"):
        told["heat"]["parts"] = [
            {"part": name, **one} for name, one in parts.items() if "area_milli" in one
        ]
    power = told.get("power", {})
    if "demand_milli" in power:
        power["demand_milli"] = [power["demand_milli"]]
    if "capacity_milli" in power and any(part.kind == "capacity" for part in plan.components):
        power["transformers"] = [{"name": "1", "capacity_milli": power["capacity_milli"]}]
    return told


def _answered(one: Question, given: Mapping[str, str]) -> Question:
    if not given:
        return one
    # Phones type full-width digits; a number is the same in either width.
    value = unicodedata.normalize("NFKC", given.get(one.mark, "")).strip()[:40]
    return replace(one, value=value)


def _period(plan: Plan, today: date) -> Iterator[Question]:
    whole = plan.season_of(today)
    if whole is None:
        start = max(today.replace(day=1), plan.effective_from)
        whole = Interval(start, _next_month(start))
    yield Question("period.start", _("计费起日"), "date", value=whole.start.isoformat())
    yield Question("period.end", _("计费止日（不含）"), "date", value=whole.end.isoformat())


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _customer(plan: Plan) -> Iterator[Question]:
    categories = {code for part in plan.components for code in getattr(part, "categories", ())}
    if categories:
        words = tuple((code, name_of(code)) for code in sorted(categories))
        yield Question("category", _("用户类别"), "choice", choices=words, value=words[0][0])
    sized = [
        part
        for part in plan.components
        if getattr(part, "household", None) or getattr(part, "flat", None)
    ]
    if sized:
        yield Question("household_size", _("家庭人口"), "whole", unit=_("人"))


def _home(plan: Plan) -> Iterator[Question]:
    kinds = {part.kind for part in plan.components}
    if kinds & {"area", "two_part", "area_parts"} or any(
        getattr(part, "per", "") == "SQUARE_METER" for part in plan.components
    ):
        usable = any(getattr(part, "usable", False) for part in plan.components)
        path, label = (
            ("usable_area_milli", _("使用面积")) if usable else ("area_milli", _("收费面积"))
        )
        yield Question(path, label, "number", unit="m²", value="90")
    if any(isinstance(part, HeightSurcharge) for part in plan.components):
        yield Question("height_mm", _("层高"), "number", unit="m")
    for rule in (
        rule for part in plan.components if isinstance(part, AreaParts) for rule in part.parts
    ):
        label = rule.label_en if borrowed.english() else rule.label_zh
        yield Question(f"heat.parts.{rule.part}.area_milli", label, "number", unit="m²")
        if rule.full_from_mm is not None:
            path = f"heat.parts.{rule.part}.height_mm"
            yield Question(path, f"{label} · {_('层高')}", "number", unit="m")
    late = any(getattr(part, "late_by_days", ()) for part in plan.components)
    stopped = any(isinstance(part, StopFee) for part in plan.components)
    if late or stopped:
        ways = [Supply.HEATED, *([Supply.STOPPED] if stopped else [])]
        ways += [Supply.RESUMED, Supply.FIRST_CONNECTION] if late else []
        words = tuple((way.value, borrowed.said(_SUPPLIES[way])) for way in ways)
        yield Question("heat.supply", _("用热情况"), "choice", choices=words, value="HEATED")
    if late:
        yield Question("heat.heated_from", _("开始用热日"), "date")
    if any(getattr(part, "steps", ()) for part in plan.components):
        yield Question("heat.paid_on", _("缴清日期"), "date")


def _usage(plan: Plan) -> Iterator[Question]:
    unit = plan.usage_unit
    if unit is None:
        return
    zones = plan.time_of_use.zones if plan.time_of_use else ()
    named = [getattr(part, "zones", {}) for part in plan.components if part.kind == "time_of_use"]
    zones = zones or tuple(zone for one in named for zone in one)
    if zones:
        labels = {zone: one[zone].label_zh for one in named for zone in one}
        for zone in zones:
            yield Question(f"usage.{zone}", _zone(zone, labels.get(zone, "")), "number", unit=unit)
    else:
        yield Question("usage.total", _("本期用量"), "number", unit=unit)
    if plan.tiers_by_year:
        label = _("今年此前已用")
        yield Question("year_to_date_milli", label, "number", unit=unit, value="0")


def _zone(zone: str, label: str) -> str:
    if label:
        return borrowed.said(label)
    return name_of(f"ZONE_{zone.upper()}") if f"ZONE_{zone.upper()}" in NAMES else zone


def _contract(plan: Plan) -> Iterator[Question]:
    kinds = {part.kind for part in plan.components}
    if any(isinstance(part, Demand) for part in plan.components):
        yield Question("power.demand_milli", _("最大需量"), "number", unit="kW")
        yield Question("power.contract_demand_milli", _("合同最大需量"), "number", unit="kW")
    if kinds & {"capacity", "demand"}:
        yield Question("power.capacity_milli", _("合同容量"), "number", unit="kVA")
    if any(isinstance(part, PowerFactor) for part in plan.components):
        yield Question("power.reactive_milli", _("无功电量"), "number", unit="kvarh")


def _evidence(plan: Plan) -> set[str]:
    """Codes of every proof that changes what the plan charges."""
    codes: set[str] = set()
    for part in plan.components:
        inner = (part, getattr(part, "flat", None), getattr(part, "free", None))
        codes |= {code for one in inner if (code := getattr(one, "evidence", ""))}
        codes |= set(getattr(part, "unless", ()))
        if part.kind == "build_up":
            codes |= {one.evidence for one in part.parts.values() if one.evidence}
    return codes


def _proof(code: str) -> str:
    return borrowed.said(EVIDENCE_LABELS.get(code, code))


def _read(one: Question) -> Any:
    if one.kind == "choice":
        if one.value not in dict(one.choices):
            raise InvalidInput(field=one.label, reason=_("请从列出的各项中选择"))
        return one.value
    if one.kind == "date":
        try:
            return date.fromisoformat(one.value).isoformat()
        except ValueError:
            reason = _("请填写日期，例如 2026-01-20")
            raise InvalidInput(field=one.label, reason=reason) from None
    if not _NUMBER.fullmatch(one.value):
        reason = _("请填写不小于 0 的数，最多三位小数，例如 90.25")
        raise InvalidInput(field=one.label, reason=reason)
    value = Decimal(one.value)
    if one.kind == "whole":
        if value != int(value):
            raise InvalidInput(field=one.label, reason=_("请填写整数"))
        return int(value)
    return int(value * 1000)


def _put(told: dict[str, Any], path: str, value: Any) -> None:
    first, _dot, rest = path.partition(".")
    if not rest:
        told[first] = value
    else:
        _put(told.setdefault(first, {}), rest, value)
