"""The index of what is open, by its clock, holds what the desk counts by: the numbers beside the queues cost half."""

from django.db import migrations, models

OPEN = ("reported", "accepted", "dispatched", "handling", "suspended", "reported_back")


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_what_is_open_is_marked")]
    operations = [
        migrations.RemoveIndex("case", "case_open_by_clock"),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["clock_due_at", "id"],
                include=[
                    "stage", "area_path", "confidential", "return_count", "supervised_at",
                    "place_confirmed", "trust", "lead_unit", "suggested_unit", "category_path",
                    "channel", "taken_by", "fixer_ids",
                ],
                condition=models.Q(stage__in=OPEN),
                name="case_open_by_clock",
            ),
        ),
    ]  # fmt: skip
