"""Walls announced days off by tenant."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


class Migration(migrations.Migration):
    """The table exists since the migration before."""

    dependencies = [("metering", "0003_reactive_and_announced")]

    operations = [TenantWall("AnnouncedDay")]
