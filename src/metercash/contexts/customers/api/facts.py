"""What prices ask of an account beside its registry: written and read entry by entry."""

from __future__ import annotations

from datetime import date

from metercash.contexts.customers.contracts import (
    AccountFact,
    AccountFacts,
    FactKind,
    FileUnreadable,
    ImportReport,
)
from metercash.contexts.customers.core import fact_rows, table
from metercash.contexts.customers.operations import fact_import, facts, supply
from metercash.contexts.customers.queries import account_facts as reading
from metercash.platform import db


@db.transaction()
def account_facts(*, account_id: int) -> AccountFacts:
    """Every entry of the account and of where its latest agreement delivers, by time.

    Raises:
        AccountNotFound: if this tenant has no such account.
    """
    return reading.all_of(account_id)


@db.transaction()
def record_fact(*, account_id: int, fact: AccountFact, as_of: date) -> int:
    """Keep a new entry; its id.

    A contract takes the place of the one in force from its first day on; a household size holds until
    the next. Entries of another kind are refused where one of theirs holds.

    Args:
        as_of: Today; decides whether lists show the point as supplied.

    Raises:
        AccountNotFound: if this tenant has no such account.
        InvalidInput: if the entry cannot be true: unknown part, nothing positive, days turned round.
        FactOverlap: if an entry of that kind holds in some of these days.
    """
    return facts.record(account_id, fact, as_of)


@db.transaction()
def end_fact(*, account_id: int, kind: FactKind, fact_id: int, on: date, as_of: date) -> None:
    """Let an entry hold no longer; ``on`` is the first day without it.

    Raises:
        AccountNotFound: if this tenant has no such account.
        FactNotFound: if the account has no such entry.
        InvalidInput: if it begins on that day or later, or is a household size.
        FactOverlap: if a longer entry would meet the next one.
    """
    facts.end(account_id, kind, fact_id, on, as_of)


@db.transaction()
def remove_fact(*, account_id: int, kind: FactKind, fact_id: int, as_of: date) -> None:
    """Take back an entry made by mistake; bills keep what they were made from.

    Raises:
        AccountNotFound: if this tenant has no such account.
        FactNotFound: if the account has no such entry.
        InvalidInput: if it is a transformer with suspensions.
    """
    facts.remove(account_id, kind, fact_id, as_of)


@db.transaction()
def stop_supply(
    *, service_point_id: int, on: date, reason: str, as_of: date, until: date | None = None
) -> None:
    """Stop the service point from ``on`` (first day without) until a known day, or until resumed.

    Raises:
        ServicePointNotFound: if this tenant has no such service point.
        InvalidInput: if ``until`` is not after ``on``.
        FactOverlap: if it is stopped on some of these days already.
    """
    supply.stop(service_point_id=service_point_id, on=on, until=until, reason=reason, as_of=as_of)


@db.transaction()
def resume_supply(*, service_point_id: int, on: date, reason: str, as_of: date) -> None:
    """Supply the service point again from ``on``.

    Raises:
        ServicePointNotFound: if this tenant has no such service point.
    """
    supply.resume(service_point_id=service_point_id, on=on, reason=reason, as_of=as_of)


@db.transaction()
def show_supply(*, as_of: date) -> int:
    """Bring what lists show of supply to the day: stops that begin or end on it; points changed."""
    return supply.show(as_of)


@db.transaction()
def import_facts(
    *, read: table.Table, dry_run: bool, as_of: date, skip_invalid: bool
) -> ImportReport:
    """Take over the billing facts of a table; :func:`import_file` finds out what a file holds.

    Entries that are kept already change nothing; one that the table ends is ended.

    Raises:
        FileUnreadable: if the table is too long.
    """
    if len(read.rows) > fact_rows.ROWS_MAX:
        reason = f"超过 {fact_rows.ROWS_MAX:,} 行，请分成几个文件导入。"
        raise FileUnreadable(filename="计费资料", reason=reason)
    parsed = fact_rows.parse(read)
    return fact_import.take(parsed, as_of=as_of, dry_run=dry_run, skip_invalid=skip_invalid)


def fact_template() -> bytes:
    """An empty import workbook (xlsx) of billing facts with a page of explanations."""
    from metercash.contexts.customers.core import workbooks

    return workbooks.fact_template()


@db.transaction()
def export_facts() -> bytes:
    """Every billing fact of the company as xlsx in the columns of its import."""
    from metercash.contexts.customers.core import workbooks

    return workbooks.export_facts(reading.everything())
