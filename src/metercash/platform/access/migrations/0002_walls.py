"""Row-level security for every table of the package."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("tenancy", "0001_initial")]

    operations = [
        TenantWall("StaffUser"),
        TenantWall("SignInAttempt", append_only=True),
        TenantWall("OneTimeToken"),
        TenantWall("ApiToken"),
    ]
