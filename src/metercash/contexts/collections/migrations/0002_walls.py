"""Row-level security for every table; adopted policies stay as they are."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("collections", "0001_initial"), ("tenancy", "0001_initial")]

    operations = [TenantWall("LateFeePolicy", append_only=True), TenantWall("Accrual")]
