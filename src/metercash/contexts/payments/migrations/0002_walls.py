"""Row-level security for every table; evidence and statements cannot be changed."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
        ("customers", "0002_walls"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        TenantWall("ProviderAccount"),
        TenantWall("PaymentOrder"),
        TenantWall("Evidence", append_only=True),
        TenantWall("MoneyFact"),
        TenantWall("Break"),
        TenantWall("TellerShift"),
        TenantWall("Receipt"),
        TenantWall("ReceiptTender"),
        TenantWall("StatementFile", append_only=True),
        TenantWall("ReconciliationRun"),
    ]
