"""A company in a process of its own: founds itself, bills, pulls the plug of its database, tells what it has.

``python -m tests.crash.company found COUNT | execute TENANT RUN WHERE CHUNK BLOW | resume TENANT RUN``;
each answer is one line of JSON.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django


NOW = datetime(2026, 1, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOMES, CHUNKS = 12, 3
PLAN = "harbin-heat-residential"


def found() -> dict[str, int]:
    """A company with homes of different size under Harbin's price, and a run not yet begun."""
    from metercash.contexts.billing import api as billing
    from metercash.contexts.customers import api as customers
    from metercash.kernel.interval import Interval
    from metercash.platform import tenancy
    from tests.support import homes
    from tests.support.customers import as_csv, row

    code = f"company{tenancy.Tenant.objects.count()}"
    tenant = tenancy.Tenant.objects.create(code=code, name=code, kind="HEAT")
    with tenancy.bind(tenant.id):
        homes.publish(NOW, homes.text_of("harbin", PLAN))
        rows = [
            row(number, 价格方案=PLAN, 起始日期="2025-10-20", 收费面积=f"{50 + number}.25")
            for number in range(1, HOMES + 1)
        ]
        customers.import_file(content=as_csv(rows), filename="a.csv", dry_run=False, now=NOW)
        run = billing.create_run(
            period=Interval(date(2025, 10, 20), date(2026, 4, 21)),
            commodity="HEAT",
            due_date=date(2026, 4, 30),
            now=NOW,
            accounts_per_chunk=HOMES // CHUNKS,
        )
    return {"tenant": tenant.id, "run": run.run_id}


def strike(blow: str) -> None:
    """Kill -9: the ``backend`` that serves this process, the ``postmaster`` alone, or ``every`` one."""
    from django.db import connection

    from metercash.platform.postgres import processes, server

    found = server.status(Path(os.environ["METERCASH_HOME"]))
    assert found.pid is not None
    assert found.data is not None
    if blow == "backend":
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            victims = [cursor.fetchone()[0]]
    elif blow == "postmaster":
        victims = [found.pid]
    else:
        victims = processes.working_in(found.data)
        assert len(victims) > 1
    for pid in sorted(victims, key=lambda pid: pid != found.pid):
        with suppress(ProcessLookupError):  # gone already, with its parent
            os.kill(pid, signal.SIGKILL)


def execute(run_id: int, where: str, chunk: int, blow: str) -> dict[str, Any]:
    """Execute the run; strike the server before the chunk is written, once it is, or once it is committed."""
    from metercash.contexts.billing import api as billing
    from metercash.contexts.billing.contracts import Progress
    from metercash.contexts.billing.core.draft import Draft
    from metercash.contexts.billing.operations import writing

    worked = 0
    write = writing.write_bills

    def struck(drafts: Sequence[Draft], issue: writing.Issue) -> writing.Written:
        nonlocal worked
        worked += 1
        if (where, worked) == ("gathered", chunk):
            strike(blow)
        written = write(drafts, issue)
        if (where, worked) == ("written", chunk):
            strike(blow)
        return written

    def after_commit(progress: Progress) -> None:
        if (where, progress.chunks_done) == ("committed", chunk):
            strike(blow)

    writing.write_bills = struck
    done = billing.execute_run(run_id=run_id, now=NOW, on_progress=after_commit)
    return {"status": done.status}


def resume(run_id: int) -> dict[str, Any]:
    """What the server kept, and what became of the run once it was executed again."""
    from metercash.contexts.billing import api as billing

    kept = billing.get_run(run_id=run_id)
    bills = billing.bill_totals().bills
    done = billing.execute_run(run_id=run_id, now=NOW)
    return {
        "kept_status": kept.status,
        "kept_chunks": kept.chunks_done,
        "kept_posted": kept.counts.posted,
        "kept_bills": bills,
        "status": done.status,
        "posted": done.counts.posted,
        "told": tell(),
    }


def tell() -> dict[str, Any]:
    """Bills, documents, journals, debts and events by account number; no ids, which may have gaps."""
    from metercash.contexts.billing import api as billing
    from metercash.contexts.ledger import api as ledger
    from metercash.contexts.ledger.models import JournalEntry, PostingLine
    from metercash.platform import db
    from metercash.platform.outbox.models import OutboxEvent
    from tests.support.homes import told

    rows = billing.list_bills(per_page=200, sort="account_no").items
    bills = [billing.get_bill(bill_id=row.bill_id) for row in rows]
    number_of = {f"bill:{bill.bill_id}": bill.account_no for bill in bills}
    accounts = {bill.account_id: bill.account_no for bill in bills}
    items = ledger.list_open_items(account_ids=list(accounts))
    with db.transaction():
        lines: dict[int, list[tuple[Any, ...]]] = {}
        for line in PostingLine.objects.order_by("journal_id", "line"):
            lines.setdefault(line.journal_id, []).append(
                (line.chart, accounts.get(line.account_id or 0), line.fen)
            )
        journals = [
            (number_of.get(entry.business_key), entry.event, entry.accounting_date, lines[entry.id])
            for entry in JournalEntry.objects.all()
        ]
        issued = [
            account
            for event in OutboxEvent.objects.filter(name="billing.bills.issued")
            for bill_id in event.payload["bill_ids"]
            for account in [number_of.get(f"bill:{bill_id}")]
        ]
        finished = OutboxEvent.objects.filter(name="billing.run.finished").count()
    verified = ledger.verify()
    return {
        "bills": [
            repr((row.issued_at, row.due_date, told(bill)))
            for row, bill in zip(rows, bills, strict=True)
        ],
        "journals": sorted(map(repr, journals)),
        "debts": sorted(
            repr((number_of.get(i.reference), i.due_date, i.original_fen, i.open_fen))
            for i in items
        ),
        "issued": sorted(map(str, issued)),
        "finished": finished,
        "ledger": [verified.ok, list(verified.problems)],
    }


def main(action: str, *arguments: str) -> Any:
    """Do what the command line says."""
    django.setup()
    from django.db import connections

    from metercash.platform import tenancy
    from metercash.project.migrate import migrate

    if action == "found":
        migrate()
        return [found() for _ in range(int(arguments[0]))]
    with tenancy.bind(int(arguments[0])):
        if action == "resume":
            return resume(int(arguments[1]))
        # A server that is gone is noticed soon.
        connections["default"].settings_dict["OPTIONS"]["pool"]["timeout"] = 1
        run_id, where, chunk, blow = arguments[1:]
        return execute(int(run_id), where, int(chunk), blow)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])) + "\n")
