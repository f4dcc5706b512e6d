"""Communities, buildings and the floor × unit grid."""

from __future__ import annotations

from metercash.contexts.customers.contracts import Building, Community, GridCell
from metercash.contexts.customers.queries.sql import STATUS, fetch


MICRO = 1_000_000

_CELLS = f"""
    select distinct on (r.id) r.floor, r.unit, r.room, a.id, coalesce(a.account_no, ''),
        coalesce(p.name, ''), case when a.id is null then 'EMPTY' else {STATUS} end, r.id
    from customers_premises r
    left join customers_servicepoint s on s.tenant_id = r.tenant_id and s.premises_id = r.id
    left join customers_agreement g
      on g.tenant_id = s.tenant_id and g.service_point_id = s.id and g.is_latest
    left join customers_account a on a.tenant_id = g.tenant_id and a.id = g.account_id
    left join customers_party p on p.tenant_id = a.tenant_id and p.id = a.party_id
    where r.tenant_id = %(tenant)s and r.building_id = %(building)s
    order by r.id, (a.status = 'CLOSED') nulls last, g.valid_from desc
"""  # noqa: S608 - composed of constants


def list_communities() -> list[Community]:
    """Every community by name, with how many open accounts live there."""
    rows = fetch(
        """
        select c.id, c.name, c.latitude_micro, c.longitude_micro, count(a.id)
        from customers_community c
        left join customers_building b on b.tenant_id = c.tenant_id and b.community_id = c.id
        left join customers_premises r on r.tenant_id = b.tenant_id and r.building_id = b.id
        left join customers_servicepoint s on s.tenant_id = r.tenant_id and s.premises_id = r.id
        left join customers_agreement g
          on g.tenant_id = s.tenant_id and g.service_point_id = s.id and g.is_latest
        left join customers_account a
          on a.tenant_id = g.tenant_id and a.id = g.account_id and a.status = 'ACTIVE'
        where c.tenant_id = %(tenant)s
        group by c.tenant_id, c.id order by c.name collate "C"
        """,
        {},
    )
    return [
        Community(identity, name, _degrees(latitude), _degrees(longitude), count)
        for identity, name, latitude, longitude, count in rows
    ]


def list_buildings(community_id: int) -> list[Building]:
    """The community's buildings, numbers in the order of counting."""
    rows = fetch(
        "select id, name from customers_building "
        "where tenant_id = %(tenant)s and community_id = %(community)s",
        {"community": community_id},
    )
    return sorted((Building(*row) for row in rows), key=lambda item: counting_key(item.name))


def building_grid(building_id: int) -> list[GridCell]:
    """Every home of the building, top floor first, units and rooms in the order of counting."""
    rows = fetch(_CELLS, {"building": building_id})
    homes = [GridCell(*row[:7]) for row in rows]
    homes.sort(key=lambda h: (-h.floor, counting_key(h.unit), counting_key(h.room)))
    return homes


def counting_key(text: str) -> tuple[int, str]:
    """Sort key that puts 2号楼 before 10号楼; names without a number come last."""
    digits = ""
    for character in text:
        if character.isascii() and character.isdigit():
            digits += character
        elif digits:
            break
    return (int(digits) if digits else 1 << 40, text)


def _degrees(micro: int | None) -> float | None:
    return None if micro is None else micro / MICRO
