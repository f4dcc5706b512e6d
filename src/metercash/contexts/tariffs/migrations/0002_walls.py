"""Row-level security, and a trigger that keeps approved texts as they were approved."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


IMMUTABLE = """
create function tariffs_refuse_change() returns trigger language plpgsql as $$
begin
    if old.status <> 'DRAFT' and (
        tg_op = 'DELETE'
        or to_jsonb(new) - array['status', 'published_at', 'effective_until']
           is distinct from to_jsonb(old) - array['status', 'published_at', 'effective_until']
        or (old.status = 'PUBLISHED' and new.status <> 'PUBLISHED')
        or new.status = 'DRAFT'
        or (old.effective_until is not null
            and new.effective_until is distinct from old.effective_until)
    ) then
        raise exception 'an approved price document is immutable'
            using errcode = 'integrity_constraint_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger immutable_once_approved before update or delete on tariffs_pricedocument
    for each row execute function tariffs_refuse_change();
"""

REVERSE = """
drop trigger immutable_once_approved on tariffs_pricedocument;
drop function tariffs_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0001_initial"), ("tenancy", "0001_initial")]

    operations = [TenantWall("PriceDocument"), migrations.RunSQL(IMMUTABLE, REVERSE)]
