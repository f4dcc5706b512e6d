"""Entries about an account are recorded, ended and removed; each with its trail and event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from metercash.contexts.customers.contracts import (
    AccountFact,
    AccountNotFound,
    ContractTerms,
    Evidence,
    FactKind,
    FactNotFound,
    HouseholdSize,
    PartOfArea,
    SupplyGap,
    SuspensionSpan,
    TransformerEntry,
)
from metercash.contexts.customers.core import facts as deciding
from metercash.contexts.customers.models import Account, Agreement, Contract, Household, Transformer
from metercash.contexts.customers.operations import refusals, supply
from metercash.contexts.customers.queries import account_facts
from metercash.contexts.customers.queries.account_facts import ROWS, Owner
from metercash.kernel.errors import InvalidInput
from metercash.platform import audit, db, outbox


KIND_OF = {
    PartOfArea: FactKind.AREA_PART,
    SupplyGap: FactKind.SUPPLY,
    Evidence: FactKind.EVIDENCE,
    HouseholdSize: FactKind.HOUSEHOLD,
    ContractTerms: FactKind.CONTRACT,
    TransformerEntry: FactKind.TRANSFORMER,
    SuspensionSpan: FactKind.SUSPENSION,
}


@db.transaction_required
def record(account_id: int, fact: AccountFact, as_of: date) -> int:
    """Keep a new entry; its id."""
    deciding.check(fact)
    owner, kind = _locked(account_id), KIND_OF[type(fact)]
    before: list[str] = []
    values = {name: getattr(fact, name) for name in ROWS[kind].columns}
    if isinstance(fact, Evidence):
        values["recorded_by"] = audit.current_actor().name
    if isinstance(fact, SuspensionSpan):
        values["transformer_id"] = _connected(owner, fact)
    else:
        values[ROWS[kind].owner] = owner.of(kind)
    if isinstance(fact, ContractTerms):
        before = _end_contract_before(owner, fact.valid_from)
    if isinstance(fact, HouseholdSize):
        _begin_household(owner, fact.valid_from)
    with refusals.translated():
        row = ROWS[kind].model.objects.create(**values)
    _follow(owner, kind, as_of)
    _tell("record", owner, kind, row.id, before, deciding.figures(fact))
    return int(row.id)


@db.transaction_required
def end(account_id: int, kind: FactKind, fact_id: int, on: date, as_of: date) -> None:
    """Let an entry hold no longer; ``on`` is the first day without it."""
    owner = _locked(account_id)
    if kind is FactKind.HOUSEHOLD:
        raise InvalidInput(field="人口数", reason="请登记新的人口数，原记录到那天为止")
    fact = _found(owner, kind, fact_id)
    if fact.valid_from is not None and on <= fact.valid_from:
        raise InvalidInput(field="结束日期", reason="应晚于开始日期")
    assert not isinstance(fact, HouseholdSize)
    with refusals.translated():
        ROWS[kind].model.objects.filter(id=fact_id).update(valid_until=on)
    _follow(owner, kind, as_of)
    changed = deciding.figures(replace(fact, valid_until=on))
    _tell("end", owner, kind, fact_id, deciding.figures(fact), changed)


@db.transaction_required
def remove(account_id: int, kind: FactKind, fact_id: int, as_of: date) -> None:
    """Take back an entry made by mistake; bills made with it keep what they were made from."""
    owner = _locked(account_id)
    fact = _found(owner, kind, fact_id)
    if isinstance(fact, TransformerEntry) and fact.suspensions:
        raise InvalidInput(field="变压器", reason="请先删除它的暂停记录")
    ROWS[kind].model.objects.filter(id=fact_id).delete()
    _follow(owner, kind, as_of)
    _tell("remove", owner, kind, fact_id, deciding.figures(fact), [])


def _locked(account_id: int) -> Owner:
    if Account.objects.select_for_update().filter(id=account_id).first() is None:
        raise AccountNotFound(account=account_id)
    return account_facts.owner_of(account_id)


def _found(owner: Owner, kind: FactKind, fact_id: int) -> AccountFact:
    fact = account_facts.find(owner, kind, fact_id)
    if fact is None:
        raise FactNotFound(fact_id=fact_id)
    return fact


def _connected(owner: Owner, span: SuspensionSpan) -> int:
    """Id of the transformer of that name that is in service all the days."""
    found = Transformer.objects.filter(
        service_point_id=owner.service_point_id,
        name=span.transformer,
        valid_from__lte=span.valid_from,
    ).order_by("-valid_from")
    row = found.first()
    if row is None or (row.valid_until is not None and row.valid_until < span.valid_until):
        raise InvalidInput(field="变压器", reason="这段时间没有这台变压器在用")
    return int(row.id)


def _end_contract_before(owner: Owner, on: date) -> list[str]:
    """A new contract takes the place of the one in force; what that one said."""
    row = Contract.objects.filter(
        service_point_id=owner.service_point_id, valid_until=None, valid_from__lt=on
    ).first()
    if row is None:
        return []
    fact = _found(owner, FactKind.CONTRACT, row.id)
    Contract.objects.filter(id=row.id).update(valid_until=on)
    return deciding.figures(fact)


def _begin_household(owner: Owner, on: date) -> None:
    """Before its first dated size, a household counts as it stood in the file until then."""
    account = Account.objects.get(id=owner.account_id)
    if account.household_size and not Household.objects.filter(account_id=account.id).exists():
        first = Agreement.objects.filter(account_id=account.id).order_by("valid_from").first()
        if first is not None and first.valid_from < on:
            Household.objects.create(
                account_id=account.id, size=account.household_size, valid_from=first.valid_from
            )


def _follow(owner: Owner, kind: FactKind, as_of: date) -> None:
    """What lists show follows the entries."""
    if kind is FactKind.SUPPLY:
        supply.show(as_of, [owner.service_point_id])
    if kind is FactKind.HOUSEHOLD:
        latest = Household.objects.filter(account_id=owner.account_id).order_by("-valid_from")
        row = latest.first()
        size = row.size if row else 0
        Account.objects.filter(id=owner.account_id).update(household_size=size)


def _tell(
    verb: str, owner: Owner, kind: FactKind, fact_id: int, before: list[str], after: list[str]
) -> None:
    audit.record(
        action=f"customers.fact.{verb}",
        subject=f"account:{owner.account_id}",
        detail={"kind": str(kind), "before": before, "after": after},
    )
    outbox.publish(
        f"customers.fact.{verb}",
        version=1,
        account_id=owner.account_id,
        kind=str(kind),
        fact_id=fact_id,
    )
