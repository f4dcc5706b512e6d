"""A register may keep the highest demand."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of registers grows by one."""

    dependencies = [("metering", "0004_announced_wall")]

    operations = [
        migrations.RemoveConstraint(model_name="registerread", name="metering_read_register"),
        migrations.AddConstraint(
            model_name="registerread",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("register__in", ["ACTIVE", "REACTIVE", "REVERSE_REACTIVE", "MAX_DEMAND"])
                ),
                name="metering_read_register",
            ),
        ),
    ]
