"""Row-level security for every table."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("tenancy", "0001_initial")]

    operations = [TenantWall("RoutineState")]
