"""Submission, signature, withdrawal and end of a document; its days without gaps; its source files."""

import django.db.models.deletion
from django.db import migrations, models

import metercash.platform.tenancy.binding
from metercash.platform.tenancy.walls import TenantWall


# What may still change in a status; everything else of the row is frozen.
LIFE = """
create or replace function price_document_frozen() returns trigger language plpgsql as $$
declare
    may_change text[];
begin
    if tg_op = 'INSERT' then
        if new.status <> 'DRAFT' then
            raise exception 'a price document begins as a draft'
                using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end if;
    if tg_op = 'DELETE' then
        if old.status <> 'DRAFT' then
            raise exception 'a price document that was submitted is kept for ever'
                using errcode = 'integrity_constraint_violation';
        end if;
        return old;
    end if;
    if new.status <> old.status and (old.status, new.status) not in (
        ('DRAFT', 'SUBMITTED'), ('SUBMITTED', 'DRAFT'), ('SUBMITTED', 'APPROVED'),
        ('APPROVED', 'PUBLISHED'), ('APPROVED', 'WITHDRAWN'), ('PUBLISHED', 'WITHDRAWN')
    ) then
        raise exception 'a price document does not go from % to %', old.status, new.status
            using errcode = 'integrity_constraint_violation';
    end if;
    may_change := case old.status
        when 'DRAFT' then array['status', 'code', 'version', 'title', 'commodity', 'locality',
            'citation', 'source', 'confidence', 'effective_from', 'effective_until',
            'stated_until', 'yaml_text', 'sha256', 'submitted_at', 'returned_reason']
        when 'SUBMITTED' then array['status', 'returned_reason', 'approved_by', 'approved_at',
            'approval', 'signature']
        when 'APPROVED' then array['status', 'published_at', 'effective_until']
        when 'PUBLISHED' then array['status', 'effective_until', 'closed_on']
        else array[]::text[]
    end;
    if to_jsonb(new) - may_change is distinct from to_jsonb(old) - may_change then
        raise exception 'a % price document never changes', lower(old.status)
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
drop trigger price_document_frozen on tariffs_pricedocument;
create trigger price_document_frozen before insert or update or delete on tariffs_pricedocument
    for each row execute function price_document_frozen();
"""

# Runs at commit, one publisher of a code after the other, with the tenant of the row bound.
SEAMLESS = """
create function price_document_seamless() returns trigger language plpgsql as $$
declare
    bound text := coalesce(current_setting('app.tenant', true), '');
    broken record;
begin
    perform set_config('app.tenant', new.tenant_id::text, true);
    perform pg_advisory_xact_lock(
        hashtextextended(format('price-document:%s:%s', new.tenant_id, new.code), 0));
    select into broken * from (
        select version, effective_from, row_number() over days as place,
            lag(effective_until) over days as before
        from tariffs_pricedocument
        where tenant_id = new.tenant_id and code = new.code and status = 'PUBLISHED'
        window days as (order by effective_from)
    ) published
    where place > 1 and before is distinct from effective_from
    limit 1;
    perform set_config('app.tenant', bound, true);
    if broken is not null then
        raise exception 'tariffs_no_gap: version % of % does not begin where the one before it ends',
            broken.version, new.code using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
create constraint trigger price_document_seamless after insert or update on tariffs_pricedocument
    deferrable initially deferred for each row
    when (new.status in ('PUBLISHED', 'WITHDRAWN')) execute function price_document_seamless();
"""

ATTACHED = """
create function price_attachment_frozen() returns trigger language plpgsql as $$
declare
    kept record;
begin
    if tg_op = 'UPDATE' then
        raise exception 'a source file is added or removed, never changed'
            using errcode = 'integrity_constraint_violation';
    end if;
    if tg_op = 'INSERT' then kept := new; else kept := old; end if;
    if not exists (
        select from tariffs_pricedocument
        where tenant_id = kept.tenant_id and id = kept.document_id and status = 'DRAFT'
    ) then
        raise exception 'the source files of a submitted price document never change'
            using errcode = 'integrity_constraint_violation';
    end if;
    return kept;
end $$;
create trigger price_attachment_frozen before insert or update or delete on tariffs_priceattachment
    for each row execute function price_attachment_frozen();
"""


class Migration(migrations.Migration):
    """The life of a price document."""

    dependencies = [("tariffs", "0002_walls")]

    operations = [
        migrations.AddField("pricedocument", "stated_until", models.DateField(null=True)),
        migrations.AddField("pricedocument", "closed_on", models.DateField(null=True)),
        migrations.AddField("pricedocument", "submitted_at", models.DateTimeField(null=True)),
        migrations.AddField("pricedocument", "returned_reason", models.TextField(default="")),
        migrations.AddField("pricedocument", "approval", models.TextField(default="")),
        migrations.AddField(
            "pricedocument", "signature", models.CharField(max_length=88, default="")
        ),
        migrations.RemoveConstraint("pricedocument", "tariffs_published_is_approved"),
        migrations.AddConstraint(
            "pricedocument",
            models.CheckConstraint(
                condition=models.Q(status__in=("DRAFT", "SUBMITTED"))
                | (models.Q(approved_by__isnull=False) & ~models.Q(signature="")),
                name="tariffs_published_is_approved",
            ),
        ),
        migrations.AddIndex(
            "pricedocument",
            models.Index(fields=["tenant_id", "sha256"], name="tariffs_by_hash"),
        ),
        migrations.CreateModel(
            name="PriceAttachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tenant_id",
                    models.BigIntegerField(
                        default=metercash.platform.tenancy.binding.current_id, editable=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=80)),
                ("size_bytes", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("added_by", models.BigIntegerField()),
                ("added_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tariffs.pricedocument",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant_id", "document", "sha256"), name="tariffs_attached_once"
                    )
                ],
            },
        ),
        TenantWall("PriceAttachment"),
        migrations.RunSQL(LIFE, migrations.RunSQL.noop),
        migrations.RunSQL(
            SEAMLESS,
            "drop trigger price_document_seamless on tariffs_pricedocument;"
            "drop function price_document_seamless();",
        ),
        migrations.RunSQL(
            ATTACHED,
            "drop trigger price_attachment_frozen on tariffs_priceattachment;"
            "drop function price_attachment_frozen();",
        ),
    ]
