"""The front door of collections. Amounts are integer fen, days civil days of the tenant."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from metercash.contexts.collections.contracts import (
    ArrearsRow,
    Forecast,
    LateFeePass,
    Policy,
    PolicyTerms,
    ReasonMissing,
)
from metercash.contexts.collections.operations import charging, reminders
from metercash.contexts.collections.queries import arrears as arrears_list
from metercash.contexts.collections.queries import owed as queries
from metercash.contexts.ledger import api as ledger
from metercash.kernel.errors import PermissionRefused
from metercash.platform import audit, db
from metercash.platform.access.permissions import PERMISSION_NAMES, permitted
from metercash.platform.paging import Page


WAIVE = "arrears.waive"


@db.transaction()
def adopt_policy(
    *, terms: PolicyTerms, effective_from: date, citation: str, approved_by: str
) -> int:
    """Record late-fee terms for bills due from ``effective_from`` on; earlier bills keep theirs.

    Args:
        citation: The public document or contract clause the terms rest on.

    Raises:
        PolicyConflict: if terms take effect on that day already.
        PolicyTooEarly: if late fees were charged already on bills the terms would be for.
        PolicyRefused: if a term is out of range or the citation is missing.
    """
    return charging.adopt(
        terms, effective_from=effective_from, citation=citation, approved_by=approved_by
    )


@db.transaction()
def list_policies() -> list[Policy]:
    """Every version of the late-fee terms, latest first."""
    return queries.policies()


@db.transaction()
def reminders_automatic() -> bool:
    """Whether the tenant wants due reminders sent by themselves; not unless switched on."""
    return reminders.automatic()


@db.transaction()
def set_reminders_automatic(*, on: bool) -> None:
    """Switch reminders that go out by themselves on or off."""
    reminders.set_automatic(on=on)


@db.transaction()
def accrue_late_fees(*, as_of: date, now: datetime) -> LateFeePass:
    """Charge every overdue bill what its late fee has grown by, as of a day.

    The fee is computed anew from principal and payments each time, so a pass repeated, missed or made for a
    later day ends at the same sum. A payment recorded late lowers what is still unpaid of the fee. Without a
    policy nothing is charged.

    Raises:
        PeriodClosed: if the day lies in a closed period.
    """
    return charging.accrue(as_of, now=now)


@db.transaction()
def late_fee_of(*, account_ids: Collection[int], as_of: date) -> dict[int, int]:
    """Late fee in fen that has arisen by the day and is not charged yet, per account that has any."""
    fees: Counter[int] = Counter()
    for row in queries.owed(queries.overdue_bills(as_of, account_ids), as_of):
        fees[row.item.account_id] += max(0, row.fee_fen - row.charged_fen)
    return {account_id: fen for account_id, fen in fees.items() if fen}


@db.transaction()
def forecast(*, account_id: int, pay_by: date, later: date) -> Forecast:
    """What the account's late fee comes to if all is paid by one day or only by a later one."""
    totals = []
    for day in (pay_by, later):
        rows = queries.owed(queries.overdue_bills(day, [account_id]), day)
        totals.append(sum(row.fee_fen for row in rows))
    return Forecast(pay_by, totals[0], later, totals[1])


@db.transaction()
def waive_late_fee(
    *, reference: str, fen: int, reason: str, roles: Collection[str], now: datetime, on: date
) -> int:
    """Forgive part of a charged late fee; it is not charged again.

    Args:
        reference: Of the late fee's open item.
        roles: Roles of the person who decides.
        on: Accounting date.

    Returns:
        The journal's id.

    Raises:
        PermissionRefused: if none of the roles may waive.
        ReasonMissing: if no reason is given.
        AmountRefused: if ``fen`` is not positive or more than is open.
    """
    if not permitted(roles, WAIVE):
        raise PermissionRefused(permission=WAIVE, label=PERMISSION_NAMES[WAIVE])
    if not reason.strip():
        raise ReasonMissing
    items = ledger.items_by_reference(references=[reference])
    open_fen = items[reference].open_fen if reference in items else 0
    journal_id = ledger.waive(
        reference=reference,
        fen=fen,
        business_key=f"waive:{reference}:{open_fen}",
        accounting_date=on,
        occurred_at=now,
    )
    audit.record(
        action="collections.late_fee.waive",
        subject=f"receivable:{reference}"[:120],
        detail={"fen": fen, "reason": reason},
    )
    return journal_id


@db.transaction()
def arrears(
    *,
    as_of: date,
    community_id: int | None = None,
    text: str = "",
    min_open_fen: int = 0,
    sort: str = "-open_fen",
    page: int = 1,
    per_page: int = 50,
) -> Page[ArrearsRow]:
    """Customers who owe money past its due date.

    Args:
        text: Matched against account number, name, phone and address.
        sort: ``open_fen``, ``days_overdue`` or ``account_id``, with ``-`` for descending.
    """
    return arrears_list.page_of(
        as_of=as_of,
        community_id=community_id,
        text=text,
        min_open_fen=min_open_fen,
        sort=sort,
        page=page,
        per_page=per_page,
    )


@db.transaction()
def send_reminders(*, as_of: date, now: datetime) -> int:
    """Queue one first reminder per customer and oldest overdue date; again on the same day queues none.

    Returns:
        How many were queued; customers without a phone get none.
    """
    return reminders.remind(as_of=as_of, now=now)
