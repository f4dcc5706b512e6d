"""Row-level security for every table of the package."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("idempotency", "0001_initial"), ("tenancy", "0001_initial")]

    operations = [TenantWall("IdempotentAnswer")]
