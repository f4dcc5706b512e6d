"""Charges into the books by COPY: journal, postings and open item of each from one staged row."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from metercash.contexts.ledger import models
from metercash.contexts.ledger.contracts import Charge, ItemKind, ItemStatus
from metercash.contexts.ledger.core import charges as core
from metercash.contexts.ledger.operations.refusals import translated
from metercash.platform import db, tenancy


_STAGE = "stage_ledger_charge"
_SHAPE = """(
    journal_id bigint default nextval('ledger_journalentry_id_seq'),
    account_id bigint, reference text, fen bigint, description text, charts text[], postings bigint[]
) on commit delete rows"""
_COLUMNS = ("account_id", "reference", "fen", "description", "charts", "postings")

_HEADS = """
insert into ledger_journalentry
    (tenant_id, id, business_key, event, accounting_date, occurred_at)
select %(tenant)s, journal_id, reference, %(event)s, %(accounting_date)s, %(occurred_at)s
from stage_ledger_charge
"""
_LINES = """
insert into ledger_postingline (tenant_id, journal_id, line, chart, account_id, fen)
select %(tenant)s, journal_id, line, chart, case line when 1 then account_id end, posted
from stage_ledger_charge,
    unnest(charts, postings) with ordinality as posting (chart, posted, line)
"""
_ITEMS = """
insert into ledger_receivable (tenant_id, account_id, kind, reference, description, due_date,
    original_fen, open_fen, opened_on, status)
select %(tenant)s, account_id, %(kind)s, reference, description, %(due_date)s,
    fen, fen, %(accounting_date)s, %(status)s
from stage_ledger_charge
"""


@db.transaction_required
def charge(
    charges: Sequence[Charge],
    *,
    kind: ItemKind,
    event: str,
    due_date: date,
    accounting_date: date,
    occurred_at: datetime,
) -> int:
    """See ``api.charge``."""
    if not charges:
        return 0
    for item in charges:
        core.check(item)
    db.stage_rows(_STAGE, _SHAPE, _COLUMNS, _rows(charges, kind))
    common = {
        "tenant": tenancy.current_id(),
        "kind": kind.value,
        "event": event,
        "due_date": due_date,
        "accounting_date": accounting_date,
        "occurred_at": occurred_at,
        "status": ItemStatus.OPEN.value,
    }
    subject = charges[0].reference
    with (
        translated(subject=subject, accounting_date=accounting_date),
        connection.cursor() as cursor,
    ):
        for statement in (_HEADS, _LINES, _ITEMS):
            cursor.execute(statement, common)
        return int(cursor.rowcount)


def _rows(charges: Sequence[Charge], kind: ItemKind) -> Iterator[tuple[Any, ...]]:
    """Arrays are written as PostgreSQL reads them; the names of accounts need no quoting."""
    debit = kind.receivable.value
    for item in charges:
        charts, postings = debit, str(item.fen)
        for account, fen in item.credited:
            charts += f",{account.value}"
            postings += f",{-fen}"
        yield (
            item.account_id,
            item.reference,
            item.fen,
            item.description,
            f"{{{charts}}}",
            f"{{{postings}}}",
        )


@db.transaction_required
def refresh_statistics() -> None:
    """See ``api.refresh_statistics``."""
    db.refresh_statistics(models.JournalEntry, models.PostingLine, models.Receivable)
