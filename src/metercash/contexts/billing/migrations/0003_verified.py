"""How many bills of a chunk were made again by the second calculator."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_walls")]

    operations = [
        migrations.AddField("billrunchunk", "verified", models.IntegerField(default=0)),
    ]
