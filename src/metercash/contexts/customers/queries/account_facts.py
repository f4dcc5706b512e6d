"""Entries about one account as its page shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from metercash.contexts.customers import models
from metercash.contexts.customers.contracts import (
    AccountFact,
    AccountFacts,
    AccountNotFound,
    ContractTerms,
    Evidence,
    FactKind,
    HouseholdSize,
    PartOfArea,
    SupplyGap,
    SuspensionSpan,
    TransformerEntry,
)
from metercash.contexts.customers.queries.sql import fetch


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose entries they are: the account, and where its latest agreement delivers."""

    account_id: int
    service_point_id: int
    premises_id: int

    def of(self, kind: FactKind) -> int:
        """The id that rows of that kind hang on."""
        return int(getattr(self, ROWS[kind].hangs_on))


@dataclass(frozen=True, slots=True)
class Rows:
    """Where a kind is stored.

    Attributes:
        model: The table.
        owner: Column the rows hang on; ``hangs_on`` is the owner's field it holds.
        columns: Columns that stand in the entry under the same name.
    """

    model: Any
    entry: Callable[..., AccountFact]
    owner: str
    hangs_on: str
    columns: tuple[str, ...]


_DAYS = ("valid_from", "valid_until")
ROWS = {
    FactKind.AREA_PART: Rows(
        models.AreaPart,
        PartOfArea,
        "premises_id",
        "premises_id",
        ("part", "area_milli", "height_mm", *_DAYS),
    ),
    FactKind.SUPPLY: Rows(
        models.SupplyGap,
        SupplyGap,
        "service_point_id",
        "service_point_id",
        ("kind", "note", *_DAYS),
    ),
    FactKind.EVIDENCE: Rows(
        models.Evidence,
        Evidence,
        "account_id",
        "account_id",
        ("code", "reference", "note", "recorded_by", *_DAYS),
    ),
    FactKind.HOUSEHOLD: Rows(
        models.Household, HouseholdSize, "account_id", "account_id", ("size", "valid_from")
    ),
    FactKind.CONTRACT: Rows(
        models.Contract,
        ContractTerms,
        "service_point_id",
        "service_point_id",
        ("contract_demand_milli", "capacity_milli", "power_factor_milli", *_DAYS),
    ),
    FactKind.TRANSFORMER: Rows(
        models.Transformer,
        TransformerEntry,
        "service_point_id",
        "service_point_id",
        ("name", "capacity_milli", "interlock", "model", *_DAYS),
    ),
    FactKind.SUSPENSION: Rows(
        models.Suspension,
        SuspensionSpan,
        "transformer__service_point_id",
        "service_point_id",
        _DAYS,
    ),
}


def owner_of(account_id: int) -> Owner:
    """Where the account's latest agreement delivers."""
    rows = fetch(
        "select g.account_id, s.id, s.premises_id from customers_agreement g "
        "join customers_servicepoint s on s.tenant_id = g.tenant_id and s.id = g.service_point_id "
        "where g.tenant_id = %(tenant)s and g.account_id = %(id)s and g.is_latest",
        {"id": account_id},
    )
    if not rows:
        raise AccountNotFound(account=account_id)
    return Owner(*rows[0])


def find(owner: Owner, kind: FactKind, fact_id: int) -> AccountFact | None:
    """One entry of the owner, or ``None``."""
    return next((fact for fact in _entries(owner, kind) if fact.fact_id == fact_id), None)


def like(owner: Owner, kind: FactKind, fact: AccountFact) -> AccountFact | None:
    """The owner's entry of the same name that begins on the same day, or ``None``."""
    wanted = _name(fact)
    return next((kept for kept in _entries(owner, kind) if _name(kept) == wanted), None)


def _name(fact: AccountFact) -> tuple[object, ...]:
    names = ("part", "height_mm", "kind", "code", "name", "transformer", "valid_from")
    return tuple(getattr(fact, name, None) for name in names)


def everything() -> Iterator[tuple[str, AccountFact]]:
    """Every entry of the company with its account number, account by account."""
    rows = fetch(
        """
        select a.account_no, a.id, s.id, s.premises_id
        from customers_account a
        join customers_agreement g
          on g.tenant_id = a.tenant_id and g.account_id = a.id and g.is_latest
        join customers_servicepoint s on s.tenant_id = g.tenant_id and s.id = g.service_point_id
        where a.tenant_id = %(tenant)s and (
            s.premises_id in (select premises_id from customers_areapart)
            or s.id in (select service_point_id from customers_supplygap)
            or s.id in (select service_point_id from customers_contract)
            or s.id in (select service_point_id from customers_transformer)
            or a.id in (select account_id from customers_evidence)
            or a.id in (select account_id from customers_household))
        order by a.account_no
        """,
        {},
    )
    for account_no, *ids in rows:
        owner = Owner(*ids)
        for kind in FactKind:
            yield from ((account_no, fact) for fact in _entries(owner, kind))


def all_of(account_id: int) -> AccountFacts:
    """Every entry of the account, each kind by time."""
    owner = owner_of(account_id)
    return AccountFacts(
        parts=_entries(owner, FactKind.AREA_PART),
        gaps=_entries(owner, FactKind.SUPPLY),
        evidences=_entries(owner, FactKind.EVIDENCE),
        household=_entries(owner, FactKind.HOUSEHOLD),
        contracts=_entries(owner, FactKind.CONTRACT),
        transformers=_entries(owner, FactKind.TRANSFORMER),
    )


def _entries(owner: Owner, kind: FactKind) -> tuple[Any, ...]:
    rows = ROWS[kind]
    found = rows.model.objects.filter(**{rows.owner: owner.of(kind)})
    found = found.order_by(F("valid_from").asc(nulls_first=True), "id")
    if kind is FactKind.SUSPENSION:
        columns = ("id", "transformer__name", *rows.columns)
        return tuple(
            SuspensionSpan(name, start, end, fact_id)
            for fact_id, name, start, end in found.values_list(*columns)
        )
    made = [
        rows.entry(fact_id=fact_id, **dict(zip(rows.columns, values, strict=True)))
        for fact_id, *values in found.values_list("id", *rows.columns)
    ]
    if kind is FactKind.TRANSFORMER and made:
        return _with_suspensions(owner, made)
    return tuple(made)


def _with_suspensions(owner: Owner, made: list[Any]) -> tuple[TransformerEntry, ...]:
    spans: dict[int, list[SuspensionSpan]] = {}
    rows = models.Suspension.objects.filter(transformer__service_point_id=owner.service_point_id)
    for fact_id, transformer_id, name, start, end in rows.order_by("valid_from").values_list(
        "id", "transformer_id", "transformer__name", *_DAYS
    ):
        spans.setdefault(transformer_id, []).append(SuspensionSpan(name, start, end, fact_id))
    return tuple(
        TransformerEntry(
            **{name: getattr(one, name) for name in ROWS[FactKind.TRANSFORMER].columns},
            suspensions=tuple(spans.get(one.fact_id, ())),
            fact_id=one.fact_id,
        )
        for one in made
    )
