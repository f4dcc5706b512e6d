"""Keeps the words accounts are found by in step with the accounts."""

from __future__ import annotations

from collections.abc import Sequence

from metercash.contexts.customers.core import words
from metercash.contexts.customers.models import SearchToken
from metercash.contexts.customers.queries.sql import fetch
from metercash.platform import db


@db.transaction_required
def rebuild(account_ids: Sequence[int]) -> None:
    """Write the search words of the accounts afresh from what is stored."""
    if not account_ids:
        return
    SearchToken.objects.filter(account_id__in=account_ids).delete()
    rows = fetch(
        """
        select a.id, a.account_no, p.name, c.name, b.name, r.unit, r.room,
            coalesce((select array_agg(k.value) from customers_contact k
                where k.tenant_id = a.tenant_id and k.account_id = a.id
                  and k.kind = 'PHONE' and k.quality <> 'WRONG'), '{}')
        from customers_account a
        join customers_agreement g
          on g.tenant_id = a.tenant_id and g.account_id = a.id and g.is_latest
        join customers_party p on p.tenant_id = a.tenant_id and p.id = a.party_id
        join customers_servicepoint s on s.tenant_id = a.tenant_id and s.id = g.service_point_id
        join customers_premises r on r.tenant_id = a.tenant_id and r.id = s.premises_id
        join customers_building b on b.tenant_id = a.tenant_id and b.id = r.building_id
        join customers_community c on c.tenant_id = a.tenant_id and c.id = b.community_id
        where a.tenant_id = %(tenant)s and a.id = any(%(ids)s)
        """,
        {"ids": list(account_ids)},
    )
    db.copy_rows(
        SearchToken._meta.db_table,
        ["account_id", "token"],
        (
            (account_id, token)
            for account_id, number, name, community, building, unit, room, phones in rows
            for token in words.account_tokens(
                account_no=number,
                name=name,
                phones=phones,
                community=community,
                building=building,
                unit=unit,
                room=room,
            )
        ),
    )
