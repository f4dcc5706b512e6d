"""Accounts as clerks look for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metercash.contexts.customers.contracts import (
    AccountDetail,
    AccountNotFound,
    AccountSummary,
    AgreementView,
    Contact,
)
from metercash.contexts.customers.core import words
from metercash.contexts.customers.queries.sql import (
    ACCOUNT_FILTER_JOIN,
    ACCOUNT_JOIN,
    STATUS,
    fetch,
)
from metercash.platform.paging import COUNT_MAX, Page, known, window


SEARCH_LIMIT_MAX = 100
SEARCH_BREADTH = 20
SORTS = {
    "account_no": "a.account_no",
    "name": 'p.name collate "C"',
    "address": 'r.address collate "C"',
    "area": "r.chargeable_area_milli",
}

_SUMMARY = f"""
    a.id, a.account_no, p.name, coalesce(k.value, ''), r.address, c.name, a.category,
    s.commodity, g.plan_code, r.chargeable_area_milli, {STATUS}
"""

_DETAIL = f"""
    select {_SUMMARY}, a.external_key, p.id, p.kind, p.id_number, r.id, b.id, c.id, s.id,
        a.household_size, r.height_mm, r.building_area_milli, r.usable_area_milli,
        r.inside_area_milli, r.chargeable_area_milli, s.supply_status, g.valid_from, g.valid_until
    from {ACCOUNT_JOIN} where a.tenant_id = %(tenant)s
"""  # noqa: S608 - composed of constants
_ID_NUMBER = 14


def summaries(account_ids: Sequence[int]) -> dict[int, AccountSummary]:
    """One line for each of the accounts; unknown ids are left out."""
    rows = fetch(
        f"select {_SUMMARY} from {ACCOUNT_JOIN} "  # noqa: S608 - composed of constants
        "where a.tenant_id = %(tenant)s and a.id = any(%(ids)s)",
        {"ids": list(account_ids)},
    )
    return {row[0]: AccountSummary(*row) for row in rows}


def search(text: str, limit: int) -> list[AccountSummary]:
    """Accounts that have a word beginning with every word of the text; exact matches first."""
    terms = words.search_terms(text)
    if not terms:
        return []
    limit = max(1, min(limit, SEARCH_LIMIT_MAX))
    condition, parameters = _token_condition(terms)
    rows = fetch(
        f"select t.account_id from customers_searchtoken t where {condition} "  # noqa: S608 - constants
        "order by t.token, t.account_id limit %(breadth)s",
        {**parameters, "breadth": limit * SEARCH_BREADTH},
    )
    ids = list(dict.fromkeys(row[0] for row in rows))[:limit]
    found = summaries(ids)
    return [found[account_id] for account_id in ids if account_id in found]


def list_accounts(
    *,
    text: str,
    community_id: int | None,
    category: str | None,
    commodity: str | None,
    status: str | None,
    page: int,
    per_page: int,
    sort: str,
) -> Page[AccountSummary]:
    """A page of accounts; ``sort`` is a key of ``SORTS``, with ``-`` in front to turn it round."""
    condition, parameters = account_filter(
        text=text, community_id=community_id, category=category, commodity=commodity, status=status
    )
    counted = fetch(
        f"select count(*) from (select from {ACCOUNT_FILTER_JOIN} "  # noqa: S608 - constants
        f"where {condition} limit %(most)s) found",
        {**parameters, "most": COUNT_MAX + 1},
    )[0][0]
    span = window(page, per_page)
    column = SORTS.get(sort.removeprefix("-"), SORTS["account_no"])
    direction = "desc" if sort.startswith("-") else "asc"
    rows = fetch(
        f"select {_SUMMARY} from {ACCOUNT_JOIN} where {condition} "  # noqa: S608 - constants
        f"order by {column} {direction}, a.id {direction} limit %(limit)s offset %(offset)s",
        {**parameters, "limit": span.stop - span.start, "offset": span.start},
    )
    items = [AccountSummary(*row) for row in rows]
    return Page(items, known(counted), max(1, page), span.stop - span.start)


def account_filter(
    *,
    text: str = "",
    community_id: int | None = None,
    category: str | None = None,
    commodity: str | None = None,
    status: str | None = None,
) -> tuple[str, dict[str, Any]]:
    """The condition over ``ACCOUNT_FILTER_JOIN`` for the given filters, and its parameters."""
    conditions = ["a.tenant_id = %(tenant)s"]
    parameters: dict[str, Any] = {}
    terms = words.search_terms(text)
    if terms:
        tokens, parameters = _token_condition(terms)
        conditions.append(
            f"a.id in (select t.account_id from customers_searchtoken t where {tokens})"  # noqa: S608
        )
    for name, column, value in (
        ("community", "b.community_id", community_id),
        ("category", "a.category", category),
        ("commodity", "s.commodity", commodity),
        ("status", STATUS, status),
    ):
        if value:
            conditions.append(f"{column} = %({name})s")
            parameters[name] = value
    return " and ".join(conditions), parameters


def detail_by_id(account_id: int) -> AccountDetail:
    """All about one account."""
    rows = fetch(f"{_DETAIL} and a.id = %(id)s", {"id": account_id})
    return _detail(rows, account_id)


def detail_by_no(account_no: str) -> AccountDetail:
    """All about the account with that number."""
    rows = fetch(f"{_DETAIL} and a.account_no = %(no)s", {"no": account_no.strip()})
    return _detail(rows, account_no)


def _detail(rows: list[tuple[Any, ...]], wanted: object) -> AccountDetail:
    if not rows:
        raise AccountNotFound(account=wanted)
    values = list(rows[0])
    values[_ID_NUMBER] = words.mask_id_number(values[_ID_NUMBER])
    account_id = values[0]
    contacts = fetch(
        "select id, kind, value, quality, is_primary from customers_contact "
        "where tenant_id = %(tenant)s and account_id = %(id)s order by is_primary desc, id",
        {"id": account_id},
    )
    agreements = fetch(
        "select g.id, g.service_point_id, p.name, g.plan_code, g.valid_from, g.valid_until "
        "from customers_agreement g "
        "join customers_party p on p.tenant_id = g.tenant_id and p.id = g.party_id "
        "where g.tenant_id = %(tenant)s and g.account_id = %(id)s order by g.valid_from, g.id",
        {"id": account_id},
    )
    values.append(tuple(Contact(*row) for row in contacts))
    values.append(tuple(AgreementView(*row) for row in agreements))
    return AccountDetail(*values)


def _token_condition(terms: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Every term begins a token of the account; ranges keep the index behind row-level security."""
    parameters: dict[str, Any] = {}
    conditions = ["t.tenant_id = %(tenant)s", "t.token >= %(from0)s", "t.token < %(to0)s"]
    for index, term in enumerate(terms):
        parameters[f"from{index}"] = term
        parameters[f"to{index}"] = term + words.HIGHEST
        if index:
            conditions.append(
                f"exists (select 1 from customers_searchtoken t{index} "  # noqa: S608 - constants
                f"where t{index}.tenant_id = t.tenant_id and t{index}.account_id = t.account_id "
                f"and t{index}.token >= %(from{index})s and t{index}.token < %(to{index})s)"
            )
    return " and ".join(conditions), parameters
