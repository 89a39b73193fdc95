"""The index of what is open holds who may read a case too, and both large tables are swept by the row, not by the share.

A community and a unit count by the same index as the town: they looked at every open case's row before. An index answers
alone only for pages that were swept since they were last written; by share of the table (a fifth, unless told) that
would happen once in months where nearly all is history, so it is told in rows (PostgreSQL's manual, "Routine
Vacuuming": the visibility map, the autovacuum daemon).
"""

from django.db import migrations, models

OPEN = ("reported", "accepted", "dispatched", "handling", "suspended", "reported_back")
ROWS = 5_000
LARGE = ("cases_case", "cases_report")
SHARE = "autovacuum_vacuum_scale_factor"
OF_NEW = "autovacuum_vacuum_insert_scale_factor"
SWEPT = (
    f"{SHARE} = 0, autovacuum_vacuum_threshold = {ROWS}, "
    f"{OF_NEW} = 0, autovacuum_vacuum_insert_threshold = {ROWS}"
)
AS_BEFORE = (
    f"{SHARE}, autovacuum_vacuum_threshold, {OF_NEW}, autovacuum_vacuum_insert_threshold"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_open_cases_are_counted_from_an_index")]
    operations = [
        migrations.RemoveIndex("case", "case_open_by_clock"),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["clock_due_at", "id"],
                include=[
                    "stage", "area_path", "confidential", "return_count", "supervised_at",
                    "place_confirmed", "trust", "lead_unit", "suggested_unit", "category_path",
                    "channel", "taken_by", "fixer_ids", "unit_ids", "about_user", "about_unit",
                ],
                condition=models.Q(stage__in=OPEN),
                name="case_open_by_clock",
            ),
        ),
        *[
            migrations.RunSQL(
                f"ALTER TABLE {table} SET ({SWEPT})", f"ALTER TABLE {table} RESET ({AS_BEFORE})"
            )
            for table in LARGE
        ],
    ]  # fmt: skip
