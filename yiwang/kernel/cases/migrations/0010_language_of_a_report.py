"""What a resident is told by short message comes in the language of their report."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_openings_end")]
    operations = [
        migrations.AddField(
            "report",
            "language",
            models.CharField(db_default="zh-hans", default="zh-hans", max_length=10),
        )
    ]
