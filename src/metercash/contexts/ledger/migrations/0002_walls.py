"""Row-level security for every table; journals, postings and allocations can only grow."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("tenancy", "0001_initial")]

    operations = [
        TenantWall("JournalEntry", append_only=True),
        TenantWall("PostingLine", append_only=True),
        TenantWall("Receivable"),
        TenantWall("Allocation", append_only=True),
        TenantWall("Balance"),
        TenantWall("PeriodClose", append_only=True),
    ]
