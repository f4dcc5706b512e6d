"""Reads tell which register they are of; days for which something was announced are recorded."""

from django.db import migrations, models

import metercash.platform.tenancy.binding


class Migration(migrations.Migration):
    """Reads so far are of the energy register."""

    dependencies = [("metering", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="registerread",
            name="register",
            field=models.CharField(default="ACTIVE", max_length=16),
        ),
        migrations.RemoveConstraint(model_name="registerread", name="metering_read_original"),
        migrations.AddConstraint(
            model_name="registerread",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", True)),
                fields=("tenant_id", "installation", "register", "read_on"),
                name="metering_read_original",
            ),
        ),
        migrations.AddConstraint(
            model_name="registerread",
            constraint=models.CheckConstraint(
                condition=models.Q(("register__in", ["ACTIVE", "REACTIVE", "REVERSE_REACTIVE"])),
                name="metering_read_register",
            ),
        ),
        migrations.CreateModel(
            name="AnnouncedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tenant_id",
                    models.BigIntegerField(
                        default=metercash.platform.tenancy.binding.current_id, editable=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("evidence", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("tenant_id", "day", "name"),
                        name="metering_announced_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence", ""), _negated=True),
                        name="metering_announced_evidence",
                    ),
                ]
            },
        ),
    ]
