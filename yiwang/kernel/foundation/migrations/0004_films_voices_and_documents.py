"""Films, voices and documents beside photos: what they were called, how long they last, whether they are ready."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0003_numbers_without_waiting"),
    ]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="duration_ms",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="name",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="文件名"),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="problem",
            field=models.CharField(blank=True, default="", max_length=30),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="sent_sha256",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="state",
            field=models.CharField(default="ready", max_length=10),
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="height",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="mime",
            field=models.CharField(max_length=100),
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="sha256",
            field=models.CharField(blank=True, db_index=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="width",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
