"""Answers that are owed, and clocks by their end: neither walks the history any more."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_marks_stay_true")]
    operations = [
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                fields=["case"],
                condition=models.Q(answered_at__isnull=True, answer_due_at__isnull=False),
                name="report_owes_answer",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["due_at"], name="clock_due"),
        ),
    ]
