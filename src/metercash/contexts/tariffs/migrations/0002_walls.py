"""Row-level security; an approved document is frozen but for its publication."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


FREEZE = """
create function price_document_frozen() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and old.status <> 'DRAFT' then
        raise exception 'an approved price document is kept for ever'
            using errcode = 'integrity_constraint_violation';
    end if;
    if tg_op = 'UPDATE' and old.status <> 'DRAFT' and (
        new.yaml_text, new.sha256, new.code, new.version, new.effective_from, new.citation,
        new.drafted_by, new.approved_by, new.confidence
    ) is distinct from (
        old.yaml_text, old.sha256, old.code, old.version, old.effective_from, old.citation,
        old.drafted_by, old.approved_by, old.confidence
    ) then
        raise exception 'an approved price document never changes'
            using errcode = 'integrity_constraint_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger price_document_frozen before update or delete on tariffs_pricedocument
    for each row execute function price_document_frozen();
"""
THAW = """
drop trigger price_document_frozen on tariffs_pricedocument;
drop function price_document_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0001_initial"), ("tenancy", "0001_initial")]

    operations = [TenantWall("PriceDocument"), migrations.RunSQL(FREEZE, THAW)]
