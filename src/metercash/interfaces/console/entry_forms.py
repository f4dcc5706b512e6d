"""A form of the page of billing facts becomes an entry."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.http import QueryDict

from metercash.contexts.customers.contracts import (
    AccountFact,
    ContractTerms,
    Evidence,
    FactKind,
    HouseholdSize,
    PartOfArea,
    SupplyGap,
    SuspensionSpan,
    TransformerEntry,
)
from metercash.interfaces.console import params


OTHER: Final = "OTHER"
"""Choice of a proof that is named by its code."""


def read(kind: FactKind, form: QueryDict) -> AccountFact:
    """The entry a form describes; its last day is the day before the entry's end.

    Raises:
        InvalidInput: if a figure or a date cannot be read.
    """
    return _READERS[kind](form)


def _days(form: QueryDict) -> dict[str, Any]:
    last = params.day(form, "last")
    return {
        "valid_from": params.required_day(form, "first", "第一天"),
        "valid_until": None if last is None else last + timedelta(days=1),
    }


def _given(form: QueryDict, name: str, label: str) -> int | None:
    return params.milli(form, name, label) if form.get(name, "").strip() else None


def _part(form: QueryDict) -> PartOfArea:
    return PartOfArea(
        part=params.text(form, "part", 40),
        area_milli=params.milli(form, "area", "面积"),
        height_mm=_given(form, "height", "净高") or 0,
        **_days(form),
    )


def _gap(form: QueryDict) -> SupplyGap:
    return SupplyGap(
        kind=params.text(form, "kind", 16),
        valid_from=params.day(form, "first"),
        valid_until=params.day(form, "resumed"),
        note=params.text(form, "note", 200),
    )


def _proof(form: QueryDict) -> Evidence:
    code = params.text(form, "code", 40)
    return Evidence(
        code=params.text(form, "other", 40).upper() if code == OTHER else code,
        reference=params.text(form, "reference", 120),
        note=params.text(form, "note", 200),
        **_days(form),
    )


def _size(form: QueryDict) -> HouseholdSize:
    return HouseholdSize(
        size=params.milli(form, "size", "人口") // 1000,
        valid_from=params.required_day(form, "first", "第一天"),
    )


def _contract(form: QueryDict) -> ContractTerms:
    return ContractTerms(
        contract_demand_milli=_given(form, "demand", "合同需量"),
        capacity_milli=_given(form, "capacity", "合同容量"),
        power_factor_milli=_given(form, "factor", "功率因数"),
        **_days(form),
    )


def _transformer(form: QueryDict) -> TransformerEntry:
    return TransformerEntry(
        name=params.text(form, "name", 40),
        capacity_milli=params.milli(form, "capacity", "容量"),
        interlock=params.text(form, "interlock", 40),
        model=params.text(form, "model", 40),
        **_days(form),
    )


def _suspension(form: QueryDict) -> SuspensionSpan:
    last = params.required_day(form, "last", "最后一天")
    return SuspensionSpan(
        transformer=params.text(form, "transformer", 40),
        valid_from=params.required_day(form, "first", "第一天"),
        valid_until=last + timedelta(days=1),
    )


_READERS: Final[Mapping[FactKind, Callable[[QueryDict], AccountFact]]] = {
    FactKind.AREA_PART: _part,
    FactKind.SUPPLY: _gap,
    FactKind.EVIDENCE: _proof,
    FactKind.HOUSEHOLD: _size,
    FactKind.CONTRACT: _contract,
    FactKind.TRANSFORMER: _transformer,
    FactKind.SUSPENSION: _suspension,
}
