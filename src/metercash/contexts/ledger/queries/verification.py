"""Proves the books: journals balance, and every projection follows from journals and allocations."""

from dataclasses import dataclass

from django.db import connection

from metercash.contexts.ledger import models
from metercash.contexts.ledger.contracts import Problem, VerifyReport
from metercash.platform import db, tenancy


PROBLEMS_MAX = 100


@dataclass(frozen=True, slots=True)
class _Check:
    """One law of the books as a query for what breaks it: (subject, claimed, found)."""

    name: str
    sql: str


_CHECKS = (
    _Check(
        "journal_balanced",
        "select 'journal:' || journal_id, 0, sum(fen) from ledger_postingline "
        "where tenant_id = %(tenant)s group by journal_id having sum(fen) <> 0",
    ),
    _Check(
        "tenant_balanced",
        "select 'tenant:' || %(tenant)s, 0, sum(fen) from ledger_postingline "
        "where tenant_id = %(tenant)s having sum(fen) <> 0",
    ),
    _Check(
        "journal_has_postings",
        "select 'journal:' || j.id, 1, 0 from ledger_journalentry j where j.tenant_id = %(tenant)s "
        "and not exists (select from ledger_postingline p "
        "where p.tenant_id = j.tenant_id and p.journal_id = j.id)",
    ),
    _Check(
        "posting_has_journal",
        "select 'posting:' || p.journal_id || ':' || p.line, p.journal_id, 0 from ledger_postingline p "
        "where p.tenant_id = %(tenant)s and not exists (select from ledger_journalentry j "
        "where j.tenant_id = p.tenant_id and j.id = p.journal_id)",
    ),
    _Check(
        "reversal_undoes_its_journal",
        "select 'journal:' || r.id, 0, sum(p.fen) from ledger_journalentry r "
        "join ledger_postingline p on p.tenant_id = r.tenant_id "
        "and p.journal_id in (r.id, r.reverses_id) "
        "where r.tenant_id = %(tenant)s and r.reverses_id is not null "
        "and p.chart not in ('PREPAID', 'RECEIVABLE', 'LATE_FEE_RECEIVABLE') "
        "group by r.id, p.chart having sum(p.fen) <> 0",
    ),
    _Check(
        "open_item_follows_allocations",
        "select 'open_item:' || r.id, r.open_fen, r.original_fen - coalesce(a.fen, 0) "
        "from ledger_receivable r left join (select receivable_id, sum(fen) as fen "
        "from ledger_allocation where tenant_id = %(tenant)s group by receivable_id) a "
        "on a.receivable_id = r.id where r.tenant_id = %(tenant)s "
        "and (r.open_fen <> r.original_fen - coalesce(a.fen, 0) "
        "or (r.status = 'OPEN') <> (r.open_fen > 0))",
    ),
    _Check(
        "allocation_follows_postings",
        "select 'journal:' || a.journal_id, a.fen, coalesce(p.fen, 0) from "
        "(select journal_id, sum(fen) filter (where kind <> 'CANCELLATION') as fen "
        "from ledger_allocation where tenant_id = %(tenant)s group by journal_id) a "
        "left join (select journal_id, -sum(fen) as fen from ledger_postingline "
        "where tenant_id = %(tenant)s and chart in ('RECEIVABLE', 'LATE_FEE_RECEIVABLE') "
        "group by journal_id) p on p.journal_id = a.journal_id "
        "where coalesce(a.fen, 0) <> coalesce(p.fen, 0)",
    ),
    _Check(
        "balance_follows_postings",
        "select 'account:' || coalesce(b.account_id, p.account_id), "
        "coalesce(b.prepaid_fen, 0), coalesce(p.fen, 0) "
        "from (select * from ledger_balance where tenant_id = %(tenant)s) b "
        "full join (select account_id, -sum(fen) as fen from ledger_postingline "
        "where tenant_id = %(tenant)s and chart = 'PREPAID' group by account_id) p "
        "on p.account_id = b.account_id where coalesce(b.prepaid_fen, 0) <> coalesce(p.fen, 0)",
    ),
    _Check(
        "receivable_account_follows_open_items",
        "select 'account:' || coalesce(r.account_id, p.account_id) || ':' "
        "|| coalesce(r.chart, p.chart), coalesce(r.fen, 0), coalesce(p.fen, 0) from "
        "(select account_id, case kind when 'LATE_FEE' then 'LATE_FEE_RECEIVABLE' "
        "else 'RECEIVABLE' end as chart, sum(open_fen) as fen from ledger_receivable "
        "where tenant_id = %(tenant)s group by 1, 2) r "
        "full join (select account_id, chart, sum(fen) as fen from ledger_postingline "
        "where tenant_id = %(tenant)s and chart in ('RECEIVABLE', 'LATE_FEE_RECEIVABLE') "
        "group by 1, 2) p on p.account_id = r.account_id and p.chart = r.chart "
        "where coalesce(r.fen, 0) <> coalesce(p.fen, 0)",
    ),
)


@db.transaction_required
def verify() -> VerifyReport:
    """Check every law over the bound tenant's books; at most ``PROBLEMS_MAX`` problems per law."""
    problems: list[Problem] = []
    with connection.cursor() as cursor:
        for check in _CHECKS:
            cursor.execute(
                f"{check.sql} order by 1 limit {PROBLEMS_MAX}",
                {"tenant": tenancy.current_id()},
            )
            problems.extend(
                Problem(check.name, subject, f"claimed {claimed}, found {found}")
                for subject, claimed, found in cursor.fetchall()
            )
    return VerifyReport(
        ok=not problems,
        journals=models.JournalEntry.objects.count(),
        postings=models.PostingLine.objects.count(),
        open_items=models.Receivable.objects.count(),
        allocations=models.Allocation.objects.count(),
        problems=tuple(problems),
    )
