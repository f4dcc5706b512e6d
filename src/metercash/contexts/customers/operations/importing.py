"""Writes what an import decided, in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from metercash.contexts.customers.contracts import ContactKind, SupplyStatus
from metercash.contexts.customers.core import words
from metercash.contexts.customers.core.decide import Existing, Place
from metercash.contexts.customers.core.record import CustomerRecord
from metercash.contexts.customers.models import (
    Account,
    Agreement,
    Building,
    Community,
    Contact,
    Party,
    Premises,
    SearchToken,
    ServicePoint,
)
from metercash.contexts.customers.operations import bulk, places, supply, tokens
from metercash.platform import db, tenancy


STATISTICS_ROWS_MIN = 1_000

Change = tuple[CustomerRecord, Existing]

_PARTY = ["kind", "name", "id_number"]
_AGREEMENT = ["account_id", "party_id", "service_point_id", "plan_code", "valid_from", "is_latest"]


@db.transaction_required
def create(
    records: Sequence[CustomerRecord], stored_premises: dict[Place, int], now: datetime
) -> list[int]:
    """Create accounts with all that belongs to them; ids in the order of the records."""
    if not records:
        return []
    communities = places.ensure_communities(records)
    buildings = places.ensure_buildings(records, communities)
    in_file = {record.place for record in records}
    known = {place: i for place, i in stored_premises.items() if place in in_file}
    points = places.ensure_service_points(records, buildings, known)
    parties = bulk.insert(Party, _PARTY, [record.holder for record in records])
    accounts = bulk.insert(
        Account,
        ["account_no", "external_key", "party_id", "category", "household_size", "status"],
        [
            (r.account_no, r.external_key, party, r.category, r.household_size, "ACTIVE")
            for r, party in zip(records, parties, strict=True)
        ],
    )
    bulk.insert(
        Agreement,
        _AGREEMENT,
        [
            (account, party, point, r.plan_code, r.valid_from, True)
            for r, account, party, point in zip(records, accounts, parties, points, strict=True)
        ],
    )
    supply.stop_many(
        {
            point: r.valid_from
            for r, point in zip(records, points, strict=True)
            if r.supply_status == SupplyStatus.STOPPED
        }
    )
    for record, point in zip(records, points, strict=True):
        if record.place in known and record.supply_status == SupplyStatus.SUPPLIED:
            supply.resume_many([point], record.valid_from)
    bulk.insert(
        Contact,
        ["account_id", "kind", "value", "tail", "quality", "is_primary", "noted_at"],
        [
            (account, "PHONE", r.phone, words.phone_tail(r.phone), "UNVERIFIED", True, now)
            for r, account in zip(records, accounts, strict=True)
            if r.phone
        ],
    )
    many = len(accounts) >= STATISTICS_ROWS_MIN
    if many:
        db.refresh_statistics(
            Party, Community, Building, Premises, ServicePoint, Account, Agreement, Contact
        )
    tokens.rebuild(accounts)
    if many:
        db.refresh_statistics(SearchToken)
    return accounts


@db.transaction_required
def update(changes: Sequence[Change], now: datetime, as_of: date) -> None:
    """Bring stored accounts to their records; a later start with other terms splits the agreement."""
    if not changes:
        return
    _update_places(changes)
    bulk.update(
        Party,
        {"kind": "text", "name": "text", "id_number": "text"},
        [(old.party_id, *r.holder) for r, old in changes if r.holder != old.record.holder],
    )
    bulk.update(
        Account,
        {"account_no": "text", "category": "text", "household_size": "int"},
        [
            (old.account_id, r.account_no, r.category, r.household_size)
            for r, old in changes
            if (r.account_no, r.category, r.household_size)
            != (old.record.account_no, old.record.category, old.record.household_size)
        ],
    )
    _update_supply(changes, as_of)
    _update_terms(changes)
    _update_phones([change for change in changes if change[0].phone != change[1].record.phone], now)
    tokens.rebuild([old.account_id for _, old in changes])


def _update_supply(changes: Sequence[Change], as_of: date) -> None:
    turned = [
        (old.service_point_id, r.supply_status)
        for r, old in changes
        if r.supply_status != old.record.supply_status
    ]
    if turned:
        supply.stop_many({point: as_of for point, status in turned if status == "STOPPED"})
        supply.resume_many([point for point, status in turned if status != "STOPPED"], as_of)
        supply.show(as_of, [point for point, _ in turned])


def _update_places(changes: Sequence[Change]) -> None:
    communities = places.ensure_communities([record for record, _ in changes])
    moved = [
        (record, old)
        for record, old in changes
        if (record.place, record.measures) != (old.record.place, old.record.measures)
    ]
    buildings = places.ensure_buildings([record for record, _ in moved], communities)
    bulk.update(
        Premises,
        places.PREMISES_COLUMNS,
        [
            (old.premises_id, *places.premises_values(r, buildings[r.community, r.building]))
            for r, old in moved
        ],
    )


def _update_terms(changes: Sequence[Change]) -> None:
    corrected = [
        (old.agreement_id, r.plan_code)
        for r, old in changes
        if r.valid_from == old.record.valid_from and r.plan_code != old.record.plan_code
    ]
    bulk.update(Agreement, {"plan_code": "text"}, corrected)
    later = [(r, old) for r, old in changes if r.valid_from > old.record.valid_from]
    bulk.update(
        Agreement,
        {"valid_until": "date", "is_latest": "boolean"},
        [(old.agreement_id, r.valid_from, False) for r, old in later],
    )
    bulk.insert(
        Agreement,
        _AGREEMENT,
        [
            (old.account_id, old.party_id, old.service_point_id, r.plan_code, r.valid_from, True)
            for r, old in later
        ],
    )


def _update_phones(changes: Sequence[Change], now: datetime) -> None:
    ids = [old.account_id for _, old in changes]
    Contact.objects.filter(account_id__in=ids, is_primary=True).update(is_primary=False)
    Contact.objects.bulk_create(
        [
            Contact(
                tenant_id=tenancy.current_id(),
                account_id=old.account_id,
                kind=ContactKind.PHONE,
                value=record.phone,
                tail=words.phone_tail(record.phone),
                is_primary=True,
                noted_at=now,
            )
            for record, old in changes
        ],
        update_conflicts=True,
        unique_fields=["tenant_id", "account", "kind", "value"],
        update_fields=["is_primary", "noted_at"],
        batch_size=2000,
    )
