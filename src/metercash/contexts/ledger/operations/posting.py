"""Journals into the books: one at a time, or a whole billing run by COPY."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from metercash.contexts.ledger import models
from metercash.contexts.ledger.contracts import BusinessKeyConflict, Journal, JournalNotFound
from metercash.contexts.ledger.core import journals as core
from metercash.contexts.ledger.operations import accounts
from metercash.contexts.ledger.operations.refusals import translated
from metercash.contexts.ledger.queries import books
from metercash.platform import db, tenancy


BATCH = 50_000

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
    reverses_id = _reversed_ids([journal]).get(journal.reverses or "")
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
    reverses_id = _reversed_ids([journal]).get(journal.reverses or "")
    same = (entry.event, entry.reverses_id) == (journal.event, reverses_id)
    if not same or books.postings(entry.id) != journal.postings:
        raise BusinessKeyConflict(business_key=journal.business_key)
    return entry.id


@db.transaction_required
def post_many(journals: Iterable[Journal]) -> int:
    """Post journals by COPY, all or none; returns how many.

    Raises:
        BusinessKeyConflict: if a key is taken or appears twice.
    """
    count = 0
    for batch in _batches(journals):
        count += _post_batch(batch)
    return count


@db.transaction_required
def refresh_statistics() -> None:
    """See ``api.refresh_statistics``."""
    db.refresh_statistics(models.JournalEntry, models.PostingLine, models.Receivable)


def _batches(journals: Iterable[Journal]) -> Iterator[list[Journal]]:
    iterator = iter(journals)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch


def _post_batch(batch: Sequence[Journal]) -> int:
    for journal in batch:
        core.check(journal)
    changes = core.prepaid_changes(p for journal in batch for p in journal.postings)
    locked = accounts.lock(changes) if changes else {}
    reversed_ids = _reversed_ids(batch)
    ids = db.reserve_ids(models.JournalEntry, len(batch))
    earliest = min(journal.accounting_date for journal in batch)
    with translated(subject=batch[0].business_key, accounting_date=earliest):
        db.copy_rows(
            "ledger_journalentry",
            _HEAD_COLUMNS,
            _heads(ids, batch, reversed_ids),
        )
        db.copy_rows("ledger_postingline", _LINE_COLUMNS, _lines(ids, batch))
    accounts.change(changes, locked=locked)
    return len(batch)


_HEAD_COLUMNS = (
    "id",
    "business_key",
    "event",
    "accounting_date",
    "occurred_at",
    "reverses_id",
)
_LINE_COLUMNS = ("journal_id", "line", "chart", "account_id", "fen")


def _heads(
    ids: Sequence[int], batch: Sequence[Journal], reversed_ids: dict[str, int]
) -> Iterator[tuple[Any, ...]]:
    for journal_id, journal in zip(ids, batch, strict=True):
        yield (
            journal_id,
            journal.business_key,
            journal.event,
            journal.accounting_date,
            journal.occurred_at,
            reversed_ids.get(journal.reverses or ""),
        )


def _lines(ids: Sequence[int], batch: Sequence[Journal]) -> Iterator[tuple[Any, ...]]:
    for journal_id, journal in zip(ids, batch, strict=True):
        for line, posting in enumerate(journal.postings, start=1):
            yield journal_id, line, posting.account.value, posting.account_id, posting.fen


def _reversed_ids(batch: Sequence[Journal]) -> dict[str, int]:
    keys = {journal.reverses for journal in batch if journal.reverses is not None}
    if not keys:
        return {}
    rows = models.JournalEntry.objects.filter(business_key__in=keys)
    found = dict(rows.values_list("business_key", "id"))
    missing = keys - set(found)
    if missing:
        raise JournalNotFound(business_key=min(missing))
    return found
