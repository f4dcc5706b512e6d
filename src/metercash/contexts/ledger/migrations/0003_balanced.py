"""The database refuses a journal that does not balance, and one in a closed period.

Postings are checked once per statement, over all journals it touches: the postings a statement adds to a
journal sum to zero, and the journal exists for the tenant. So every prefix of the books balances. At commit a
deferred constraint trigger also refuses a journal that was left without postings.
"""

from django.db import migrations


BALANCED = """
create function ledger_check_postings() returns trigger language plpgsql as $$
declare bad record; touched record; present bigint;
begin
    select journal_id, sum(fen) as difference into bad
    from added group by tenant_id, journal_id having sum(fen) <> 0 limit 1;
    if found then
        raise exception 'journal % is out of balance by % fen', bad.journal_id, bad.difference
            using errcode = 'check_violation', constraint = 'ledger_journal_balanced';
    end if;
    select min(tenant_id) as tenant_id, array_agg(distinct journal_id) as ids into touched from added;
    -- Planned anew each time and looked up by array: linear however little the planner knows.
    execute 'select count(*) from ledger_journalentry where tenant_id = $1 and id = any($2)'
        into present using touched.tenant_id, touched.ids;
    if present <> coalesce(cardinality(touched.ids), 0) then
        raise exception 'postings name a journal that does not exist'
            using errcode = 'foreign_key_violation', constraint = 'ledger_posting_journal';
    end if;
    return null;
end $$;

create trigger ledger_journal_balanced after insert on ledger_postingline
    referencing new table as added
    for each statement execute function ledger_check_postings();
"""

NEW_JOURNALS = """
create function ledger_check_journals() returns trigger language plpgsql as $$
declare bad record; touched record; lowest text;
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('ledger.period:' || t.tenant_id, 0))
        from (select distinct tenant_id from added) t;
    select n.accounting_date, p.closed_until into bad
    from (select tenant_id, min(accounting_date) as accounting_date from added group by 1) n
    join ledger_periodclose p
        on p.tenant_id = n.tenant_id and p.closed_until > n.accounting_date
    order by p.closed_until desc limit 1;
    if found then
        raise exception 'the books are closed before %, % is refused',
            bad.closed_until, bad.accounting_date
            using errcode = 'check_violation', constraint = 'ledger_period_open';
    end if;
    lowest := nullif(current_setting('app.ledger_unproved', true), '');
    select least(min(id), lowest::bigint) as id into touched from added;
    perform set_config('app.ledger_unproved', coalesce(touched.id::text, ''), true);
    return null;
end $$;

create trigger ledger_period_open after insert on ledger_journalentry
    referencing new table as added
    for each statement execute function ledger_check_journals();
"""

NOT_EMPTY = """
create function ledger_check_not_empty() returns trigger language plpgsql as $$
declare lowest bigint; ids bigint[]; present bigint;
begin
    lowest := nullif(current_setting('app.ledger_unproved', true), '')::bigint;
    if lowest is null then
        return null;  -- an earlier row of this transaction has proved them all
    end if;
    execute 'select array_agg(id) from ledger_journalentry where tenant_id = $1 and id >= $2'
        into ids using new.tenant_id, lowest;
    execute 'select count(distinct journal_id) from ledger_postingline '
        'where tenant_id = $1 and journal_id = any($2)'
        into present using new.tenant_id, ids;
    if present <> coalesce(cardinality(ids), 0) then
        raise exception 'a journal from % on has no postings', lowest
            using errcode = 'check_violation', constraint = 'ledger_journal_not_empty';
    end if;
    perform set_config('app.ledger_unproved', '', true);
    return null;
end $$;

create constraint trigger ledger_journal_not_empty after insert on ledger_journalentry
    deferrable initially deferred
    for each row execute function ledger_check_not_empty();
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
            NEW_JOURNALS,
            "drop trigger ledger_period_open on ledger_journalentry;"
            "drop function ledger_check_journals();",
        ),
        migrations.RunSQL(
            NOT_EMPTY,
            "drop trigger ledger_journal_not_empty on ledger_journalentry;"
            "drop function ledger_check_not_empty();",
        ),
    ]
