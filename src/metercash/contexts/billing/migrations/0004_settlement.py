"""The purpose of a settlement names the plan it settles by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_verified")]

    operations = [
        migrations.AlterField(model, "purpose", models.CharField(max_length=80))
        for model in ("bill", "billrun", "billexception")
    ]
