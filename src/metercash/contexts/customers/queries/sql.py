"""Reading rows by SQL on the open, tenant-bound transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from metercash.platform import db, tenancy


@db.transaction_required
def fetch(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a query whose ``%(tenant)s`` is the bound tenant; all rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"tenant": tenancy.current_id(), **parameters})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


ACCOUNT_FILTER_JOIN = """
    customers_account a
    join customers_agreement g on g.tenant_id = a.tenant_id and g.account_id = a.id and g.is_latest
    join customers_servicepoint s on s.tenant_id = a.tenant_id and s.id = g.service_point_id
    join customers_premises r on r.tenant_id = a.tenant_id and r.id = s.premises_id
    join customers_building b on b.tenant_id = a.tenant_id and b.id = r.building_id
"""
"""What lists of accounts are filtered by; enough for counting them."""

ACCOUNT_JOIN = f"""
    {ACCOUNT_FILTER_JOIN}
    join customers_party p on p.tenant_id = a.tenant_id and p.id = a.party_id
    join customers_community c on c.tenant_id = a.tenant_id and c.id = b.community_id
    left join customers_contact k
      on k.tenant_id = a.tenant_id and k.account_id = a.id and k.is_primary
"""

STATUS = """
    case when a.status = 'CLOSED' then 'CLOSED'
         when s.supply_status = 'STOPPED' then 'STOPPED' else 'ACTIVE' end
"""
