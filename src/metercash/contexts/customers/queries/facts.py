"""What billing needs of many accounts at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from metercash.contexts.customers.contracts import BillingFacts
from metercash.contexts.customers.queries import extras
from metercash.contexts.customers.queries.sql import fetch
from metercash.kernel.interval import Interval
from metercash.platform import db


_YEAR = timedelta(days=366)


def billing_facts(account_ids: Sequence[int], period: Interval[date]) -> list[BillingFacts]:
    """One value per agreement that overlaps the period, by account and time; few statements."""
    rows = fetch(
        """
        select a.id, a.account_no, p.name, r.address, b.community_id, b.id, s.id, a.category,
            s.commodity, g.plan_code, r.chargeable_area_milli, r.height_mm, a.household_size,
            g.valid_from, g.valid_until, s.supply_status,
            case when g.valid_from > %(year_before)s then (
                select min(e.valid_from) from customers_agreement e
                where e.tenant_id = g.tenant_id and e.account_id = g.account_id
                  and e.party_id = g.party_id and not exists (
                    select from customers_agreement o
                    where o.tenant_id = g.tenant_id and o.account_id = g.account_id
                      and o.party_id <> g.party_id
                      and o.valid_from >= e.valid_from and o.valid_from < g.valid_from
                  )
            ) end,
            case when g.valid_until is not null then (
                select case when bool_and(e.valid_until is not null) then max(e.valid_until) end
                from customers_agreement e
                where e.tenant_id = g.tenant_id and e.account_id = g.account_id
                  and e.party_id = g.party_id and e.valid_from >= g.valid_from and not exists (
                    select from customers_agreement o
                    where o.tenant_id = g.tenant_id and o.account_id = g.account_id
                      and o.party_id <> g.party_id
                      and o.valid_from >= g.valid_from and o.valid_from < e.valid_from
                  )
            ) end,
            nullif(r.usable_area_milli, 0), r.id
        from customers_agreement g
        join customers_account a on a.tenant_id = g.tenant_id and a.id = g.account_id
        join customers_party p on p.tenant_id = g.tenant_id and p.id = g.party_id
        join customers_servicepoint s on s.tenant_id = g.tenant_id and s.id = g.service_point_id
        join customers_premises r on r.tenant_id = g.tenant_id and r.id = s.premises_id
        join customers_building b on b.tenant_id = g.tenant_id and b.id = r.building_id
        where g.tenant_id = %(tenant)s and g.account_id = any(%(ids)s::bigint[])
          and g.valid_from < %(end)s and (g.valid_until is null or g.valid_until > %(start)s)
        order by a.id, g.valid_from, s.id
        """,
        {
            "ids": db.array(account_ids),
            "start": period.start,
            "end": period.end,
            "year_before": period.start - _YEAR,
        },
    )
    plain = [BillingFacts(*row[:-1]) for row in rows]
    return extras.completed(plain, [row[-1] for row in rows], period)


def holder_spans(
    service_point_ids: Sequence[int], period: Interval[date]
) -> dict[int, list[Interval[date]]]:
    """Inside the period, the days of each holder of the points, in order."""
    rows = fetch(
        """
        select service_point_id, greatest(valid_from, %(start)s::date),
            least(valid_until, %(end)s::date)
        from customers_agreement
        where tenant_id = %(tenant)s and service_point_id = any(%(points)s::bigint[])
          and valid_from < %(end)s and (valid_until is null or valid_until > %(start)s)
        order by 1, 2
        """,
        {
            "points": db.array(service_point_ids),
            "start": period.start,
            "end": period.end,
        },
    )
    spans: dict[int, list[Interval[date]]] = {}
    for point, start, end in rows:
        spans.setdefault(point, []).append(Interval(start, end))
    return spans


def account_ids(
    commodity: str | None,
    plan_code: str | None,
    community_id: int | None,
    period: Interval[date] | None,
) -> list[int]:
    """Ids of accounts, ascending, with an agreement that meets the conditions.

    Without a period the latest agreement of open accounts counts; with one, every agreement that
    overlaps it, so that those who moved out inside the period are still billed for their days.
    """
    time = "g.is_latest and a.status = 'ACTIVE'"
    parameters: dict[str, object] = {}
    if period is not None:
        time = "g.valid_from < %(end)s and (g.valid_until is null or g.valid_until > %(start)s)"
        parameters = {"start": period.start, "end": period.end}
    rows = fetch(
        f"""
        select distinct a.id
        from customers_agreement g
        join customers_account a on a.tenant_id = g.tenant_id and a.id = g.account_id
        join customers_servicepoint s on s.tenant_id = g.tenant_id and s.id = g.service_point_id
        where g.tenant_id = %(tenant)s and {time}
          and (%(commodity)s::text is null or s.commodity = %(commodity)s)
          and (%(plan)s::text is null or g.plan_code = %(plan)s)
          and (%(community)s::bigint is null or exists (
              select from customers_premises r
              join customers_building b on b.tenant_id = r.tenant_id and b.id = r.building_id
              where r.tenant_id = s.tenant_id and r.id = s.premises_id
                and b.community_id = %(community)s))
        order by a.id
        """,  # noqa: S608 - composed of constants
        {**parameters, "commodity": commodity, "plan": plan_code, "community": community_id},
    )
    return [row[0] for row in rows]
