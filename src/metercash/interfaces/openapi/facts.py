"""What prices ask of an account beside its registry: area parts, supply, proofs, contract."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from django.http import HttpRequest
from django.utils import timezone
from ninja import Body, Router, Schema, Status
from pydantic import Field

from metercash.contexts.customers import api as customers
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
from metercash.interfaces.openapi.security import scope
from metercash.interfaces.openapi.values import milli


router = Router(tags=["facts"])

Quantity = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=3)]
Until = Annotated[date | None, Field(description="Day after the last day; none while it holds")]
Note = Annotated[str, Field(max_length=200)]
Name = Annotated[str, Field(max_length=40)]


class AreaPartIn(Schema):
    """An area beside the chargeable one, in square meters; its clear height in millimeters."""

    kind: Literal["AREA_PART"]
    part: Name
    area: Quantity
    height_mm: int = 0
    valid_from: date
    valid_until: Until = None


class SupplyIn(Schema):
    """Days without supply; a point never connected before has no first one."""

    kind: Literal["SUPPLY"]
    reason: Literal["STOPPED", "NOT_CONNECTED"]
    valid_from: date | None = None
    valid_until: Until = None
    note: Note = ""


class EvidenceIn(Schema):
    """A proof, named as price documents name it."""

    kind: Literal["EVIDENCE"]
    code: Name
    reference: Annotated[str, Field(max_length=120)] = ""
    note: Note = ""
    valid_from: date
    valid_until: Until = None


class HouseholdIn(Schema):
    """Persons of the household from a day on."""

    kind: Literal["HOUSEHOLD"]
    size: int
    valid_from: date


class ContractIn(Schema):
    """Agreed demand in kW, capacity in kVA and power factor; takes the place of the one in force."""

    kind: Literal["CONTRACT"]
    contract_demand: Quantity | None = None
    capacity: Quantity | None = None
    power_factor: Quantity | None = None
    valid_from: date
    valid_until: Until = None


class TransformerIn(Schema):
    """A transformer, its capacity in kVA and the days it is connected."""

    kind: Literal["TRANSFORMER"]
    name: Name
    capacity: Quantity
    interlock: Name = ""
    model: Name = ""
    valid_from: date
    valid_until: Until = None


class SuspensionIn(Schema):
    """Agreed suspension of the transformer of that name."""

    kind: Literal["SUSPENSION"]
    transformer: Name
    valid_from: date
    valid_until: date


FactIn: TypeAlias = Annotated[
    AreaPartIn | SupplyIn | EvidenceIn | HouseholdIn | ContractIn | TransformerIn | SuspensionIn,
    Body(discriminator="kind"),
]


class FactId(Schema):
    """The number of a new fact."""

    fact_id: int


class FactOut(Schema):
    """One fact; ``values`` holds what its kind has beside the days, as it was sent."""

    fact_id: int
    kind: str
    valid_from: date | None
    valid_until: date | None
    values: dict[str, str]


class EndIn(Schema):
    """The first day without it."""

    valid_until: date


@router.get("/accounts/{account_no}/facts", response=list[FactOut], summary="Billing facts")
@scope("customers:read")
def list_facts(request: HttpRequest, account_no: str) -> list[dict[str, Any]]:
    """Every fact of the account, kind by kind, each by time; those that hold no more as well."""
    kept = customers.account_facts(account_id=_account_id(account_no))
    listed: list[AccountFact] = [
        *kept.parts,
        *kept.gaps,
        *kept.evidences,
        *kept.household,
        *kept.contracts,
    ]
    for transformer in kept.transformers:
        listed.extend([transformer, *transformer.suspensions])
    return [_fact_out(fact) for fact in listed]


@router.post("/accounts/{account_no}/facts", response={201: FactId}, summary="Record a fact")
@scope("customers:write")
def record_fact(request: HttpRequest, account_no: str, data: FactIn) -> Status[Any]:
    """Bills made from now on go by it; bills made before stay. Days that are taken are refused."""
    made = customers.record_fact(
        account_id=_account_id(account_no), fact=_fact(data), as_of=_today()
    )
    return Status(201, {"fact_id": made})


@router.post(
    "/accounts/{account_no}/facts/{kind}/{fact_id}/end", response={204: None}, summary="End a fact"
)
@scope("customers:write")
def end_fact(
    request: HttpRequest, account_no: str, kind: FactKind, fact_id: int, data: EndIn
) -> Status[Any]:
    """Let it hold until the day before ``valid_until``."""
    customers.end_fact(
        account_id=_account_id(account_no),
        kind=kind,
        fact_id=fact_id,
        on=data.valid_until,
        as_of=_today(),
    )
    return Status(204, None)


@router.delete(
    "/accounts/{account_no}/facts/{kind}/{fact_id}", response={204: None}, summary="Remove a fact"
)
@scope("customers:write")
def remove_fact(request: HttpRequest, account_no: str, kind: FactKind, fact_id: int) -> Status[Any]:
    """Take back what was recorded by mistake; bills keep what they were made from."""
    customers.remove_fact(
        account_id=_account_id(account_no), kind=kind, fact_id=fact_id, as_of=_today()
    )
    return Status(204, None)


def _today() -> date:
    return timezone.localdate()


def _account_id(account_no: str) -> int:
    return customers.get_account_by_no(account_no=account_no).account_id


_ENTRIES: dict[str, Callable[..., AccountFact]] = {
    "AREA_PART": PartOfArea,
    "SUPPLY": SupplyGap,
    "EVIDENCE": Evidence,
    "HOUSEHOLD": HouseholdSize,
    "CONTRACT": ContractTerms,
    "TRANSFORMER": TransformerEntry,
    "SUSPENSION": SuspensionSpan,
}
_KINDS: dict[Any, str] = {entry: kind for kind, entry in _ENTRIES.items()}
_STORED = {
    "area": "area_milli",
    "contract_demand": "contract_demand_milli",
    "capacity": "capacity_milli",
    "power_factor": "power_factor_milli",
    "reason": "kind",
}
"""Names of the interface that stand for another in the contract; quantities are counted in thousandths."""
_NAMES = {stored: shown for shown, stored in _STORED.items()}
_BESIDE = frozenset({"fact_id", "valid_from", "valid_until", "suspensions"})


def _fact(data: Any) -> AccountFact:
    values = {}
    for name, value in data.dict(exclude={"kind"}).items():
        stored = _STORED.get(name, name)
        counted = int(value.scaleb(3)) if isinstance(value, Decimal) else value
        values[stored] = counted
    return _ENTRIES[data.kind](**values)


def _fact_out(fact: AccountFact) -> dict[str, Any]:
    values = {}
    for field in fields(fact):
        value = getattr(fact, field.name)
        if field.name in _BESIDE or value is None or value == "":
            continue
        shown = milli(value) if field.name.endswith("_milli") else str(value)
        values[_NAMES.get(field.name, field.name)] = shown
    return {
        "fact_id": fact.fact_id,
        "kind": _KINDS[type(fact)],
        "valid_from": fact.valid_from,
        "valid_until": getattr(fact, "valid_until", None),
        "values": values,
    }
