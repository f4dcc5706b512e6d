"""One journal into the books."""

from django.db import connection

from metercash.contexts.ledger import models
from metercash.contexts.ledger.contracts import BusinessKeyConflict, Journal, JournalNotFound
from metercash.contexts.ledger.core import journals as core
from metercash.contexts.ledger.operations import accounts
from metercash.contexts.ledger.operations.refusals import translated
from metercash.contexts.ledger.queries import books
from metercash.platform import db, tenancy


_HEAD = """
insert into ledger_journalentry
    (tenant_id, business_key, event, accounting_date, occurred_at, reverses_id)
values (%s, %s, %s, %s, %s, %s)
on conflict (tenant_id, business_key) do nothing returning id
"""
_LINES = """
insert into ledger_postingline (tenant_id, journal_id, line, chart, account_id, fen)
select %s, %s, ordinality, chart, account_id, fen
from unnest(%s::text[], %s::bigint[], %s::bigint[]) with ordinality
    as added (chart, account_id, fen, ordinality)
"""


@db.transaction_required
def post(journal: Journal) -> int:
    """Post a journal; posting the same again returns the first one's id.

    Raises:
        BusinessKeyConflict: if the key was used for another content.
    """
    core.check(journal)
    changes = core.prepaid_changes(journal.postings)
    locked = accounts.lock(changes) if changes else {}
    journal_id = insert(journal)
    if journal_id is None:
        return _repeated(journal)
    accounts.change(changes, locked=locked)
    return journal_id


@db.transaction_required
def insert(journal: Journal) -> int | None:
    """Write a journal's rows alone; None if its business key is taken."""
    reverses_id = _reversed_id(journal)
    head = (
        tenancy.current_id(),
        journal.business_key,
        journal.event,
        journal.accounting_date,
        journal.occurred_at,
        reverses_id,
    )
    subject = journal.reverses or journal.business_key
    with (
        translated(subject=subject, accounting_date=journal.accounting_date),
        connection.cursor() as cursor,
    ):
        cursor.execute(_HEAD, head)
        row = cursor.fetchone()
        if row is None:
            return None
        charts = [posting.account.value for posting in journal.postings]
        customers = [posting.account_id for posting in journal.postings]
        amounts = [posting.fen for posting in journal.postings]
        cursor.execute(_LINES, [head[0], row[0], charts, customers, amounts])
    return int(row[0])


def _repeated(journal: Journal) -> int:
    entry = books.get_journal(journal.business_key)
    reverses_id = _reversed_id(journal)
    same = (entry.event, entry.reverses_id) == (journal.event, reverses_id)
    if not same or books.postings(entry.id) != journal.postings:
        raise BusinessKeyConflict(business_key=journal.business_key)
    return entry.id


def _reversed_id(journal: Journal) -> int | None:
    if journal.reverses is None:
        return None
    rows = models.JournalEntry.objects.filter(business_key=journal.reverses)
    found: int | None = rows.values_list("id", flat=True).first()
    if found is None:
        raise JournalNotFound(business_key=journal.reverses)
    return found
