"""Who is in arrears."""

from collections.abc import Collection
from datetime import date

from metercash.contexts.collections.contracts import ArrearsRow
from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import AccountSummary
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ItemKind, OpenItem
from metercash.platform import db
from metercash.platform.paging import Page, window


CHUNK = 5_000
_SORTS = {
    "open_fen": lambda row: (row.open_fen, row.account_id),
    "days_overdue": lambda row: (row.days_overdue, row.account_id),
    "account_id": lambda row: (row.account_id,),
}


@db.transaction_required
def rows(as_of: date, account_ids: Collection[int] | None = None) -> list[ArrearsRow]:
    """Every customer in arrears."""
    owing: dict[int, list[OpenItem]] = {}
    for item in ledger.list_open_items(account_ids=account_ids, due_before=as_of):
        owing.setdefault(item.account_id, []).append(item)
    wanted = sorted(owing)
    result = []
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        known = customers.summaries(account_ids=chunk)
        result += [_row(known[a], owing[a], as_of) for a in chunk if a in known]
    return result


def _row(account: AccountSummary, items: list[OpenItem], as_of: date) -> ArrearsRow:
    bills = [item for item in items if item.kind == ItemKind.BILL]
    oldest = min(item.due_date for item in items)
    principal = sum(item.open_fen for item in bills)
    return ArrearsRow(
        account_id=account.account_id,
        account_no=account.account_no,
        name=account.name,
        phone=account.phone,
        address=account.address,
        community=account.community,
        bills=len(bills),
        principal_fen=principal,
        late_fee_fen=sum(item.open_fen for item in items) - principal,
        oldest_due_date=oldest,
        days_overdue=(as_of - oldest).days,
    )


@db.transaction_required
def page_of(
    *,
    as_of: date,
    community_id: int | None,
    text: str,
    min_open_fen: int,
    sort: str,
    page: int,
    per_page: int,
) -> Page[ArrearsRow]:
    """One page of the list; see ``api.arrears``."""
    account_ids = None
    if community_id is not None:
        account_ids = customers.account_ids(community_id=community_id)
    found = [row for row in rows(as_of, account_ids) if row.open_fen >= min_open_fen]
    if text:
        found = [
            row for row in found if text in f"{row.account_no} {row.name} {row.phone} {row.address}"
        ]
    found.sort(key=_SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    return Page(found[window(page, per_page)], len(found), page, per_page)
