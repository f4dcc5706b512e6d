"""Move in, move out, change of owner and of plan: agreements end and begin, without gap or overlap."""

from __future__ import annotations

from datetime import date

from metercash.contexts.customers.contracts import (
    AccountNotFound,
    AccountNumberTaken,
    AgreementOverlap,
    DateOutsideAgreement,
    PartyInput,
    ServicePointNotFound,
)
from metercash.contexts.customers.models import Account, Agreement, Party, ServicePoint
from metercash.contexts.customers.operations import tokens
from metercash.platform import audit, db, outbox


@db.transaction_required
def move_in(
    *,
    service_point_id: int,
    party: PartyInput,
    account_no: str,
    plan_code: str,
    category: str,
    household_size: int,
    on: date,
    external_key: str,
) -> int:
    """Open an account for a new holder at a free service point; its id."""
    point = ServicePoint.objects.select_for_update().filter(id=service_point_id).first()
    if point is None:
        raise ServicePointNotFound(service_point=service_point_id)
    _refuse_overlap(service_point_id, on)
    key = external_key or account_no
    taken = Account.objects.filter(account_no=account_no) | Account.objects.filter(external_key=key)
    if taken.exists():
        raise AccountNumberTaken(account_no=account_no)
    holder = _new_party(party)
    account = Account.objects.create(
        account_no=account_no,
        external_key=key,
        party_id=holder,
        category=category,
        household_size=household_size,
    )
    Agreement.objects.create(
        account_id=account.id,
        party_id=holder,
        service_point_id=service_point_id,
        plan_code=plan_code,
        valid_from=on,
    )
    tokens.rebuild([account.id])
    _tell("moved_in", account.id, on, service_point_id=service_point_id)
    return int(account.id)


@db.transaction_required
def move_out(*, account_id: int, on: date) -> None:
    """End the account's agreement; ``on`` is the first day no longer supplied to the holder."""
    account, agreement = _locked(account_id)
    _require_inside(agreement, on)
    agreement.valid_until = on
    agreement.save(update_fields=["valid_until"])
    account.status = "CLOSED"
    account.save(update_fields=["status"])
    _tell("moved_out", account_id, on)


@db.transaction_required
def change_owner(*, account_id: int, party: PartyInput, on: date) -> None:
    """Pass the account to a new holder from ``on``; the old holder keeps the days before."""
    account, agreement = _locked(account_id)
    _require_inside(agreement, on)
    holder = _new_party(party)
    account.party_id = holder
    account.save(update_fields=["party_id"])
    _split(agreement, on, party_id=holder, plan_code=agreement.plan_code)
    tokens.rebuild([account_id])
    _tell("owner_changed", account_id, on)


@db.transaction_required
def change_plan(*, account_id: int, plan_code: str, on: date) -> None:
    """Put the account on another plan from ``on``."""
    _, agreement = _locked(account_id)
    _require_inside(agreement, on)
    if agreement.plan_code != plan_code:
        _split(agreement, on, party_id=agreement.party_id, plan_code=plan_code)
        _tell("plan_changed", account_id, on, plan_code=plan_code)


def _locked(account_id: int) -> tuple[Account, Agreement]:
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise AccountNotFound(account=account_id)
    return account, Agreement.objects.select_for_update().get(account_id=account_id, is_latest=True)


def _require_inside(agreement: Agreement, on: date) -> None:
    if agreement.valid_until is not None or on <= agreement.valid_from:
        raise DateOutsideAgreement(on=on, since=agreement.valid_from)


def _refuse_overlap(service_point_id: int, on: date) -> None:
    """Refuse a start before every earlier agreement of the service point has ended."""
    for agreement in Agreement.objects.filter(service_point_id=service_point_id):
        if agreement.valid_until is None or agreement.valid_until > on:
            number = Account.objects.values_list("account_no", flat=True).get(
                id=agreement.account_id
            )
            raise AgreementOverlap(since=agreement.valid_from, account_no=number)


def _split(agreement: Agreement, on: date, *, party_id: int, plan_code: str) -> None:
    agreement.valid_until, agreement.is_latest = on, False
    agreement.save(update_fields=["valid_until", "is_latest"])
    Agreement.objects.create(
        account_id=agreement.account_id,
        party_id=party_id,
        service_point_id=agreement.service_point_id,
        plan_code=plan_code,
        valid_from=on,
    )


def _new_party(party: PartyInput) -> int:
    row = Party.objects.create(kind=party.kind, name=party.name, id_number=party.id_number)
    return int(row.id)


def _tell(what: str, account_id: int, on: date, **more: object) -> None:
    detail = {"on": on.isoformat(), **more}
    audit.record(action=f"customers.account.{what}", subject=f"account:{account_id}", detail=detail)
    outbox.publish(f"customers.account.{what}", version=1, account_id=account_id, **detail)
