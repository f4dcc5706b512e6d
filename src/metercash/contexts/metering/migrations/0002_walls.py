"""Walls every table of the context off by tenant; register reads are append-only."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


class Migration(migrations.Migration):
    """Parents come before the tables that refer to them."""

    dependencies = [
        ("metering", "0001_initial"),
        ("customers", "0002_walls"),
    ]

    operations = [
        TenantWall("Device"),
        TenantWall("Installation"),
        TenantWall("RegisterRead", append_only=True),
        TenantWall("ImportBatch"),
    ]
