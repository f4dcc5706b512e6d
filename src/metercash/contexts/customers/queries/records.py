"""Accounts as rows of the import and export table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metercash.contexts.customers.core.decide import Existing, Occupied, Place
from metercash.contexts.customers.core.record import CustomerRecord
from metercash.contexts.customers.queries.accounts import account_filter
from metercash.contexts.customers.queries.sql import ACCOUNT_JOIN, fetch


_RECORD = """
    a.external_key, a.account_no, p.name, p.kind, p.id_number, coalesce(k.value, ''), c.name,
    c.latitude_micro, c.longitude_micro, b.name, r.unit, r.floor, r.room,
    r.building_area_milli, r.usable_area_milli, r.inside_area_milli, r.chargeable_area_milli,
    r.height_mm, s.commodity, g.plan_code, a.category, a.household_size, s.supply_status,
    g.valid_from
"""
_FIELDS = len(CustomerRecord._fields)


def records(*, text: str, community_id: int | None) -> list[tuple[CustomerRecord, str]]:
    """Every account that meets the filters with its status, by account number."""
    condition, parameters = account_filter(text=text, community_id=community_id)
    rows = fetch(
        f"select {_RECORD}, a.status from {ACCOUNT_JOIN} where {condition} "  # noqa: S608 - constants
        "order by a.account_no",
        parameters,
    )
    return [(CustomerRecord._make(row[:_FIELDS]), row[_FIELDS]) for row in rows]


def known_accounts(
    keys: Sequence[str], numbers: Sequence[str]
) -> tuple[dict[str, Existing], dict[str, Existing]]:
    """The stored accounts with any of the external keys or account numbers, by either."""
    rows = fetch(
        f"""
        select {_RECORD}, a.id, p.id, r.id, s.id, g.id, b.id, c.id, g.valid_until
        from {ACCOUNT_JOIN}
        where a.tenant_id = %(tenant)s
          and (a.external_key = any(%(keys)s) or a.account_no = any(%(numbers)s))
        """,  # noqa: S608 - composed of constants
        {"keys": list(keys), "numbers": list(numbers)},
    )
    found = [Existing(*(*row[_FIELDS:], CustomerRecord._make(row[:_FIELDS]))) for row in rows]
    by_key = {existing.record.external_key: existing for existing in found}
    return by_key, {existing.record.account_no: existing for existing in found}


def known_places(
    communities: Sequence[str],
) -> tuple[dict[Place, int], dict[tuple[Place, str], Occupied]]:
    """Premises of the communities, and the latest agreement at each of their service points."""
    rows: list[tuple[Any, ...]] = fetch(
        """
        select distinct on (r.id, s.id)
            c.name, b.name, r.unit, r.room, r.id, s.commodity, s.id, a.account_no, a.id,
            g.valid_until
        from customers_community c
        join customers_building b on b.tenant_id = c.tenant_id and b.community_id = c.id
        join customers_premises r on r.tenant_id = b.tenant_id and r.building_id = b.id
        left join customers_servicepoint s on s.tenant_id = r.tenant_id and s.premises_id = r.id
        left join customers_agreement g
          on g.tenant_id = s.tenant_id and g.service_point_id = s.id
        left join customers_account a on a.tenant_id = g.tenant_id and a.id = g.account_id
        where c.tenant_id = %(tenant)s and c.name = any(%(communities)s)
        order by r.id, s.id, g.valid_from desc nulls last
        """,
        {"communities": list(communities)},
    )
    premises: dict[Place, int] = {(row[0], row[1], row[2], row[3]): row[4] for row in rows}
    points: dict[tuple[Place, str], Occupied] = {
        ((row[0], row[1], row[2], row[3]), row[5]): Occupied(
            row[6], row[7] or "", row[8] or 0, row[9]
        )
        for row in rows
        if row[6] is not None and row[8] is not None
    }
    return premises, points
