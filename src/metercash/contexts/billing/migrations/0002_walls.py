"""Wall every table off by tenant; documents are append-only; compress them fast where the server can."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from metercash.platform.tenancy.walls import TenantWall


def compress_fast(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Use lz4 for documents if the server was built with it: a run spends less time compressing."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "select 'lz4' = any(enumvals) from pg_settings where name = 'default_toast_compression'"
        )
        if cursor.fetchone()[0]:
            cursor.execute(
                "alter table billing_billdocument alter column content set compression lz4"
            )


class Migration(migrations.Migration):
    """Walls of billing."""

    dependencies = [("billing", "0001_initial")]

    operations = [
        TenantWall("BillRun"),
        TenantWall("BillRunChunk"),
        TenantWall("Bill"),
        TenantWall("BillDocument", append_only=True),
        TenantWall("BillException"),
        migrations.RunPython(compress_fast, migrations.RunPython.noop),
        # Nobody searches in documents; sampling them took half of the time of all statistics.
        migrations.RunSQL(
            "alter table billing_billdocument alter column content set statistics 0",
            migrations.RunSQL.noop,
        ),
    ]
