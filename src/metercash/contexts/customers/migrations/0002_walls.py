"""Walls every table of the context off by tenant."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


class Migration(migrations.Migration):
    """Parents come before the tables that refer to them."""

    dependencies = [
        ("customers", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        TenantWall("Party"),
        TenantWall("Community"),
        TenantWall("Building"),
        TenantWall("Premises"),
        TenantWall("ServicePoint"),
        TenantWall("Account"),
        TenantWall("Agreement"),
        TenantWall("Contact"),
        TenantWall("SearchToken"),
    ]
