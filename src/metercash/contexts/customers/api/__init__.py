"""The front door of customers: who is supplied, where, and on which terms.

The Excel libraries are loaded when a workbook is asked for: they take longer than all else together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from metercash.contexts.customers.api.facts import account_facts as account_facts
from metercash.contexts.customers.api.facts import end_fact as end_fact
from metercash.contexts.customers.api.facts import export_facts as export_facts
from metercash.contexts.customers.api.facts import fact_template as fact_template
from metercash.contexts.customers.api.facts import import_facts
from metercash.contexts.customers.api.facts import record_fact as record_fact
from metercash.contexts.customers.api.facts import remove_fact as remove_fact
from metercash.contexts.customers.api.facts import resume_supply as resume_supply
from metercash.contexts.customers.api.facts import show_supply as show_supply
from metercash.contexts.customers.api.facts import stop_supply as stop_supply
from metercash.contexts.customers.contracts import (
    AccountDetail,
    AccountSummary,
    BillingFacts,
    Building,
    Category,
    Community,
    ContactKind,
    ContactQuality,
    GridCell,
    ImportReport,
    PartyInput,
    RowError,
)
from metercash.contexts.customers.core import decide, fact_rows, rows, table
from metercash.contexts.customers.core.record import HEADERS, CustomerRecord
from metercash.contexts.customers.operations import contacts, importing, moves
from metercash.contexts.customers.queries import accounts, facts, places, records
from metercash.kernel.interval import Interval
from metercash.platform import audit, db, outbox, tenancy
from metercash.platform.paging import Page


def import_file(
    *, content: bytes, filename: str, dry_run: bool, now: datetime, skip_invalid: bool = False
) -> ImportReport:
    """Take over accounts, or billing facts of accounts, from an Excel or CSV file in one transaction.

    Rows are recognized by external key, or by account number where the file gives none; repeating a
    file changes nothing. Columns the file lacks and empty phones leave stored values as they are.

    Args:
        dry_run: Only tell what would happen.
        now: Aware instant of the import, noted on new contacts.
        skip_invalid: Write the valid rows although others have errors; otherwise one faulty row holds
            the whole file back.

    Raises:
        FileUnreadable: if the content is no table with known headers, or too large.
    """
    read = _table(content, filename)
    if fact_rows.holds_facts(read):
        return import_facts(
            read=read, dry_run=dry_run, as_of=_civil_day(now), skip_invalid=skip_invalid
        )
    parsed = rows.parse_rows(read)
    with db.transaction():
        decision, known = _decided(parsed)
        errors = sorted([*parsed.errors, *decision.errors], key=lambda error: error.row)
        write = not dry_run and (skip_invalid or not errors)
        changes = len(decision.creates) + len(decision.updates)
        report = ImportReport(
            rows=parsed.rows,
            created=len(decision.creates),
            updated=len(decision.updates),
            unchanged=decision.unchanged,
            errors=errors,
            written=write,
            skipped=0 if write or dry_run else changes,
        )
        if write and changes:
            updates = [(record, old) for _, record, old in decision.updates]
            importing.update(updates, now, _civil_day(now))
            importing.create([record for _, record in decision.creates], dict(known.premises), now)
            counts = {"created": report.created, "updated": report.updated}
            audit.record(action="customers.import", subject=f"file:{filename[:80]}", detail=counts)
            outbox.publish("customers.import.finished", **counts)
    return report


def _table(content: bytes, filename: str) -> table.Table:
    return table.read_table(content, filename, {*HEADERS, *fact_rows.HEADERS})


def _civil_day(now: datetime) -> date:
    tenant = tenancy.Tenant.objects.get(id=tenancy.current_id())
    return now.astimezone(ZoneInfo(tenant.time_zone)).date()


def _decided(parsed: rows.Drafts) -> tuple[decide.Decision, decide.Known]:
    fields = CustomerRecord._fields
    key, number, estate = map(fields.index, ("external_key", "account_no", "community"))
    values = [draft.values for draft in parsed.drafts]
    numbers = [v[number] for v in values if v[number]]
    by_key, by_no = records.known_accounts([v[key] for v in values if v[key]] + numbers, numbers)
    estates = {v[estate] for v in values if v[estate]}
    estates.update(existing.record.community for existing in by_key.values())
    premises, points = records.known_places(list(estates))
    known = decide.Known(by_key, by_no, premises, points)
    errors: list[RowError] = []
    decision = decide.decide(decide.merge(parsed, known, errors), known)
    decision.errors[:0] = errors
    return decision, known


def error_workbook(*, content: bytes, filename: str, report: ImportReport) -> bytes:
    """The user's own sheet as xlsx with a red column 错误说明; mended, it can be uploaded again.

    Raises:
        FileUnreadable: if the content is no table with known headers.
    """
    from metercash.contexts.customers.core import workbooks

    return workbooks.with_errors(content, _table(content, filename), report.errors)


def import_template() -> bytes:
    """An empty import workbook (xlsx) with headers, one example row and a page of explanations."""
    from metercash.contexts.customers.core import workbooks

    return workbooks.template()


@db.transaction()
def export_workbook(*, text: str = "", community_id: int | None = None) -> bytes:
    """Accounts that meet the filters as xlsx in the columns of the import."""
    from metercash.contexts.customers.core import workbooks

    return workbooks.export(records.records(text=text, community_id=community_id))


@db.transaction()
def export_csv(*, text: str = "", community_id: int | None = None) -> bytes:
    """Accounts that meet the filters as CSV (UTF-8 with byte order mark)."""
    from metercash.contexts.customers.core import workbooks

    return workbooks.export_csv(records.records(text=text, community_id=community_id))


@db.transaction()
def search(*, text: str, limit: int = 20) -> list[AccountSummary]:
    """Accounts by 户号 (or its last four digits), name, phone (or its tail) and parts of the address.

    Every word of the text must begin one of the account's words; exact matches come first.
    """
    return accounts.search(text, limit)


@db.transaction()
def get_account(*, account_id: int) -> AccountDetail:
    """All about an account.

    Raises:
        AccountNotFound: if this tenant has no such account.
    """
    return accounts.detail_by_id(account_id)


@db.transaction()
def get_account_by_no(*, account_no: str) -> AccountDetail:
    """All about the account with that 户号.

    Raises:
        AccountNotFound: if this tenant has no such account.
    """
    return accounts.detail_by_no(account_no)


@db.transaction()
def list_accounts(
    *,
    text: str = "",
    community_id: int | None = None,
    category: str | None = None,
    commodity: str | None = None,
    status: str | None = None,
    page: int = 1,
    per_page: int = 50,
    sort: str = "account_no",
) -> Page[AccountSummary]:
    """A page of accounts.

    Args:
        status: ``ACTIVE``, ``STOPPED`` or ``CLOSED``.
        sort: ``account_no``, ``name``, ``address`` or ``area``; ``-`` in front turns it round.
    """
    return accounts.list_accounts(
        text=text,
        community_id=community_id,
        category=category,
        commodity=commodity,
        status=status,
        page=page,
        per_page=per_page,
        sort=sort,
    )


@db.transaction()
def summaries(*, account_ids: Sequence[int]) -> dict[int, AccountSummary]:
    """One line for each of the accounts; unknown ids are left out."""
    return accounts.summaries(account_ids)


@db.transaction()
def list_communities() -> list[Community]:
    """Every community by name with coordinates (WGS-84) and its number of open accounts."""
    return places.list_communities()


@db.transaction()
def list_buildings(*, community_id: int) -> list[Building]:
    """The community's buildings; 2号楼 stands before 10号楼."""
    return places.list_buildings(community_id)


@db.transaction()
def building_grid(*, building_id: int) -> list[GridCell]:
    """Every home of a building, top floor first; homes without an account have status ``EMPTY``."""
    return places.building_grid(building_id)


@db.transaction()
def account_ids(
    *,
    commodity: str | None = None,
    plan_code: str | None = None,
    community_id: int | None = None,
    period: Interval[date] | None = None,
) -> list[int]:
    """Ids of open accounts, ascending; with a period, of all whose agreement overlaps it.

    A bill run passes its period, so that those who moved out inside it are billed for their days.
    """
    return facts.account_ids(commodity, plan_code, community_id, period)


@db.transaction()
def billing_facts(*, account_ids: Sequence[int], period: Interval[date]) -> list[BillingFacts]:
    """What rating must know: one value per agreement overlapping the period, by account and time."""
    return facts.billing_facts(account_ids, period)


@db.transaction()
def holder_spans(
    *, service_point_ids: Sequence[int], period: Interval[date]
) -> dict[int, list[Interval[date]]]:
    """Inside the period, the days of each holder of the points, in order; points never held are left out."""
    return facts.holder_spans(service_point_ids, period)


@db.transaction()
def move_in(
    *,
    service_point_id: int,
    party: PartyInput,
    account_no: str,
    plan_code: str,
    on: date,
    now: datetime,
    category: str = Category.RESIDENT,
    household_size: int = 0,
    phone: str = "",
    external_key: str = "",
) -> int:
    """Open an account for a new holder from ``on`` (first day supplied); its id.

    Raises:
        ServicePointNotFound: if this tenant has no such service point.
        AgreementOverlap: if somebody else is still supplied there on that day.
        AccountNumberTaken: if the number or external key is in use.
        InvalidInput: if the phone is no phone number.
    """
    account_id = moves.move_in(
        service_point_id=service_point_id,
        party=party,
        account_no=account_no,
        plan_code=plan_code,
        category=category,
        household_size=household_size,
        on=on,
        external_key=external_key,
    )
    if phone:
        record_contact(account_id=account_id, value=phone, now=now)
    return account_id


@db.transaction()
def move_out(*, account_id: int, on: date) -> None:
    """Close the account; ``on`` is the first day no longer supplied to its holder.

    Raises:
        AccountNotFound: if this tenant has no such account.
        DateOutsideAgreement: if the day is not after the agreement's start, or it has ended already.
    """
    moves.move_out(account_id=account_id, on=on)


@db.transaction()
def change_owner(*, account_id: int, party: PartyInput, on: date) -> None:
    """Pass the account (更名过户) to a new holder from ``on``; the 户号 stays.

    Raises:
        AccountNotFound: if this tenant has no such account.
        DateOutsideAgreement: if the day is not after the agreement's start, or it has ended already.
    """
    moves.change_owner(account_id=account_id, party=party, on=on)


@db.transaction()
def change_plan(*, account_id: int, plan_code: str, on: date) -> None:
    """Put the account on another plan from ``on``; days before keep the old plan.

    Raises:
        AccountNotFound: if this tenant has no such account.
        DateOutsideAgreement: if the day is not after the agreement's start, or it has ended already.
    """
    moves.change_plan(account_id=account_id, plan_code=plan_code, on=on)


@db.transaction()
def record_contact(
    *,
    account_id: int,
    value: str,
    now: datetime,
    kind: str = ContactKind.PHONE,
    quality: str = ContactQuality.UNVERIFIED,
    primary: bool = False,
) -> int:
    """Note a contact, or mark a known one as confirmed or wrong; its id.

    The first phone, or one noted as ``primary``, is the one shown and called. A wrong one never is.

    Raises:
        AccountNotFound: if this tenant has no such account.
        InvalidInput: if the value is empty or no phone number.
    """
    return contacts.record_contact(
        account_id=account_id, kind=kind, value=value, quality=quality, primary=primary, now=now
    )
