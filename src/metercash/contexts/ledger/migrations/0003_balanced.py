"""The database refuses a journal that does not balance, and one in a closed period.

Postings are checked once per statement, over all journals it touches: the postings a statement adds to a
journal sum to zero, and the journal exists for the tenant. So every prefix of the books balances. At commit a
deferred constraint trigger also refuses a journal that was left without postings.
"""

from django.db import migrations


BALANCED = """
create function ledger_check_postings() returns trigger language plpgsql as $$
declare bad record;
begin
    select n.tenant_id, n.journal_id, n.difference, j.id as journal into bad
    from (
        select tenant_id, journal_id, sum(fen) as difference
        from added group by tenant_id, journal_id
    ) n
    left join ledger_journalentry j on j.tenant_id = n.tenant_id and j.id = n.journal_id
    where n.difference <> 0 or j.id is null
    limit 1;
    if found then
        raise exception 'journal % is out of balance by % fen or does not exist',
            bad.journal_id, bad.difference
            using errcode = 'check_violation', constraint = 'ledger_journal_balanced';
    end if;
    return null;
end $$;

create trigger ledger_journal_balanced after insert on ledger_postingline
    referencing new table as added
    for each statement execute function ledger_check_postings();
"""

NOT_EMPTY = """
create function ledger_check_not_empty() returns trigger language plpgsql as $$
begin
    if not exists (
        select from ledger_postingline where tenant_id = new.tenant_id and journal_id = new.id
    ) then
        raise exception 'journal % has no postings', new.id
            using errcode = 'check_violation', constraint = 'ledger_journal_not_empty';
    end if;
    return null;
end $$;

create constraint trigger ledger_journal_not_empty after insert on ledger_journalentry
    deferrable initially deferred
    for each row execute function ledger_check_not_empty();
"""

OPEN_PERIOD = """
create function ledger_check_open_period() returns trigger language plpgsql as $$
declare bad record;
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('ledger.period:' || t.tenant_id, 0))
        from (select distinct tenant_id from added) t;
    select n.accounting_date, p.closed_until into bad
    from (select tenant_id, min(accounting_date) as accounting_date from added group by 1) n
    join ledger_periodclose p
        on p.tenant_id = n.tenant_id and p.closed_until > n.accounting_date
    limit 1;
    if found then
        raise exception 'the books are closed before %, % is refused',
            bad.closed_until, bad.accounting_date
            using errcode = 'check_violation', constraint = 'ledger_period_open';
    end if;
    return null;
end $$;

create trigger ledger_period_open after insert on ledger_journalentry
    referencing new table as added
    for each statement execute function ledger_check_open_period();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_walls")]

    operations = [
        migrations.RunSQL(
            BALANCED,
            "drop trigger ledger_journal_balanced on ledger_postingline;"
            "drop function ledger_check_postings();",
        ),
        migrations.RunSQL(
            NOT_EMPTY,
            "drop trigger ledger_journal_not_empty on ledger_journalentry;"
            "drop function ledger_check_not_empty();",
        ),
        migrations.RunSQL(
            OPEN_PERIOD,
            "drop trigger ledger_period_open on ledger_journalentry;"
            "drop function ledger_check_open_period();",
        ),
    ]
