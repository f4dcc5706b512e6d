"""The page of billing facts: what each kind shows and what its form asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metercash.contexts.customers.contracts import (
    EVIDENCE_LABELS,
    GAP_LABELS,
    PART_LABELS,
    AccountDetail,
    AccountFacts,
    Commodity,
    ContractTerms,
    Evidence,
    FactKind,
    GapKind,
    HouseholdSize,
    PartOfArea,
    SupplyGap,
    SuspensionSpan,
    TransformerEntry,
)
from metercash.interfaces.console.entry_forms import OTHER
from metercash.interfaces.web import amounts
from metercash.interfaces.web.borrowed import said


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    Attributes:
        sort: ``text``, ``number``, ``date`` or ``choice``.
        options: Value and label of every choice.
        hint: What stands in the empty field or below a date.
    """

    name: str
    label: str | Promise
    sort: str = "text"
    required: bool = True
    options: Sequence[tuple[str, str]] = ()
    hint: str | Promise = ""
    longest: int = 16


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in words.

    Attributes:
        standing: ``IN_FORCE``, ``COMING`` or ``LAPSED``, a code of the table of states.
        ends: Whether it can be ended; those with an end or without days cannot.
        spans: Agreed suspensions of a transformer.
    """

    fact_id: int
    cells: tuple[str, ...]
    first: date | None
    until: date | None
    standing: str
    ends: bool
    spans: tuple[SuspensionSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """All entries of one kind, and the form of the next one.

    Attributes:
        numeric: Positions of cells that are set as figures.
    """

    kind: FactKind
    title: str
    advice: str
    heads: tuple[str, ...]
    numeric: tuple[int, ...]
    rows: tuple[Row, ...]
    fields: tuple[Field, ...]


_FIRST = Field("first", gettext_lazy("第一天"), "date")
_LAST = Field(
    "last", gettext_lazy("最后一天"), "date", required=False, hint=gettext_lazy("留空表示长期有效")
)


def sections(account: AccountDetail, kept: AccountFacts, today: date) -> list[Section]:
    """What may matter for the account: kinds of its commodity, and any that hold something."""
    heat = account.commodity == Commodity.HEAT
    listed = [
        (_parts(kept.parts, today), heat),
        (_contracts(kept.contracts, today), not heat),
        (_transformers(kept.transformers, today), not heat),
        (_gaps(kept.gaps, today), True),
        (_proofs(kept.evidences, today), True),
        (_household(kept.household, today), True),
    ]
    return [section for section, usual in listed if usual or section.rows]


def suspension_fields() -> tuple[Field, ...]:
    """What a suspension asks for; its last day is always agreed."""
    return (_FIRST, Field("last", gettext_lazy("最后一天"), "date"))


def _row(
    fact: Any,
    cells: Sequence[str],
    today: date,
    spans: tuple[SuspensionSpan, ...] = (),
    until: date | None = None,
) -> Row:
    first, until = fact.valid_from, getattr(fact, "valid_until", until)
    standing = "IN_FORCE"
    if first is not None and first > today:
        standing = "COMING"
    elif until is not None and until <= today:
        standing = "LAPSED"
    shown = tuple(cell or "—" for cell in cells)
    ends = until is None and not isinstance(fact, HouseholdSize)
    return Row(fact.fact_id, shown, first, until, standing, ends, spans)


def _parts(facts: Sequence[PartOfArea], today: date) -> Section:
    return Section(
        FactKind.AREA_PART,
        _("面积部位"),
        _("阳台、阁楼、楼梯间等另行计费的面积。"),
        (_("部位"), _("面积（m²）"), _("净高（m）")),
        (1, 2),
        tuple(
            _row(
                fact,
                (said(PART_LABELS.get(fact.part, fact.part)), _milli(fact.area_milli), height),
                today,
            )
            for fact in facts
            for height in [_milli(fact.height_mm or None)]
        ),
        (
            Field("part", _("部位"), "choice", options=_options(PART_LABELS)),
            Field("area", _("面积（m²）"), "number"),
            Field("height", _("净高（m）"), "number", required=False, hint=_("不知道就不填")),
            _FIRST,
            _LAST,
        ),
    )


def _gaps(facts: Sequence[SupplyGap], today: date) -> Section:
    return Section(
        FactKind.SUPPLY,
        _("停供与首次接入"),
        _("报停、恢复供用和首次接入的日期，决定整季停供、中途恢复或首次接入的收费。"),
        (_("情况"), _("说明")),
        (),
        tuple(
            _row(fact, (said(GAP_LABELS[GapKind(fact.kind)]), fact.note), today) for fact in facts
        ),
        (
            Field(
                "kind",
                _("情况"),
                "choice",
                options=[("STOPPED", _("停供")), ("NOT_CONNECTED", _("首次接入"))],
            ),
            Field("first", _("停供第一天"), "date", required=False, hint=_("首次接入不填")),
            Field(
                "resumed",
                _("恢复或接入日期"),
                "date",
                required=False,
                hint=_("当天起供用；停供未定时不填"),
            ),
            Field("note", _("说明"), required=False, longest=200),
        ),
    )


def _proofs(facts: Sequence[Evidence], today: date) -> Section:
    return Section(
        FactKind.EVIDENCE,
        _("证明"),
        _("低保、多人口、电采暖等，有效期内按价格文件享受。"),
        (_("证明"), _("凭据"), _("经办人")),
        (),
        tuple(
            _row(
                fact,
                (
                    said(EVIDENCE_LABELS.get(fact.code, fact.code)),
                    " · ".join(filter(None, (fact.reference, fact.note))),
                    fact.recorded_by,
                ),
                today,
            )
            for fact in facts
        ),
        (
            Field(
                "code",
                _("证明"),
                "choice",
                options=[*_options(EVIDENCE_LABELS), (OTHER, _("其他（填写代码）"))],
            ),
            Field(
                "other",
                _("其他代码"),
                required=False,
                hint=_("价格文件中的大写代码"),
                longest=40,
            ),
            Field("reference", _("证号或文件"), required=False, longest=120),
            _FIRST,
            _LAST,
            Field("note", _("说明"), required=False, longest=200),
        ),
    )


def _household(facts: Sequence[HouseholdSize], today: date) -> Section:
    return Section(
        FactKind.HOUSEHOLD,
        _("家庭人口"),
        _("登记人口和起算日期，多人口家庭的分档优惠从那天算起。"),
        (_("人口"),),
        (0,),
        tuple(
            _row(fact, (str(fact.size),), today, until=following.valid_from if following else None)
            for fact, following in zip_longest(facts, facts[1:])
        ),
        (Field("size", _("人口"), "number"), _FIRST),
    )


def _contracts(facts: Sequence[ContractTerms], today: date) -> Section:
    return Section(
        FactKind.CONTRACT,
        _("用电合同"),
        _("约定的需量、容量和功率因数；新合同生效时，原合同到前一天为止。"),
        (_("合同需量（kW）"), _("合同容量（kVA）"), _("功率因数")),
        (0, 1, 2),
        tuple(
            _row(
                fact,
                tuple(
                    map(
                        _milli,
                        (fact.contract_demand_milli, fact.capacity_milli, fact.power_factor_milli),
                    )
                ),
                today,
            )
            for fact in facts
        ),
        (
            Field("demand", _("合同需量（kW）"), "number", required=False),
            Field("capacity", _("合同容量（kVA）"), "number", required=False),
            Field(
                "factor",
                _("功率因数"),
                "number",
                required=False,
                hint=_("没有无功表时的约定值，例如 0.85"),
            ),
            _FIRST,
            _LAST,
        ),
    )


def _transformers(facts: Sequence[TransformerEntry], today: date) -> Section:
    return Section(
        FactKind.TRANSFORMER,
        _("变压器"),
        _("按容量计收基本电费、计算铁损的变压器和高压电动机。"),
        (_("名称"), _("容量（kVA）"), _("互锁组"), _("型号")),
        (1,),
        tuple(
            _row(
                fact,
                (fact.name, _milli(fact.capacity_milli), fact.interlock, fact.model),
                today,
                fact.suspensions,
            )
            for fact in facts
        ),
        (
            Field("name", _("名称"), longest=40, hint=_("例如 1 号变")),
            Field("capacity", _("容量（kVA）"), "number"),
            Field(
                "interlock",
                _("互锁组"),
                required=False,
                longest=40,
                hint=_("同组只能运行一台；没有就不填"),
            ),
            Field("model", _("型号"), required=False, longest=40, hint=_("价格文件损耗表中的型号")),
            _FIRST,
            _LAST,
        ),
    )


def _options(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(value, said(label)) for value, label in labels.items()]


def _milli(value: int | None) -> str:
    return "" if value is None else amounts.milli(value)
