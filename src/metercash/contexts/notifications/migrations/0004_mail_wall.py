"""Row-level security for the mail server."""

from django.db import migrations

from metercash.platform.tenancy.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_mail_server"), ("tenancy", "0001_initial")]

    operations = [TenantWall("MailServer")]
