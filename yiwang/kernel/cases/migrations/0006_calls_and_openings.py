"""Calls for a rating; who opened a number; whom a matter about staff is about.

The handler a task is assigned to may open the number of who reported it: not by a wider policy, but by one function
that looks whether the work is theirs at this moment and writes the opening down before it hands the number out.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FUNCTIONS = """
-- The viewer as a person, or NULL for the system and for nobody.
CREATE FUNCTION yiwang_viewer() RETURNS bigint
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT CASE WHEN current_setting('yiwang.viewer', true) ~ '^[0-9]{1,18}$'
        THEN current_setting('yiwang.viewer', true)::bigint END
$$;

-- Reports of a case whose number the viewer may open now, because the case's work is assigned to them: never one that
-- denounces, never of a matter about staff, never once the work is reported back, returned or given to somebody else.
CREATE FUNCTION yiwang_numbers_to_call(of_case bigint) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT report.id
    FROM cases_case held
    JOIN cases_report report ON report.case_id = held.id AND report.kind <> 'denounce'
    JOIN cases_reporter who ON who.report_id = report.id
        AND who.phone_index IS NOT NULL AND who.area_path <> ''
    WHERE held.id = of_case AND NOT held.confidential
        AND held.stage IN ('dispatched', 'handling', 'suspended')
        AND EXISTS (
            SELECT 1 FROM cases_task task
            WHERE task.case_id = held.id AND task.state IN ('offered', 'working')
                AND task.handler_id IN (
                    SELECT yiwang_acts_for(yiwang_viewer(), (now() AT TIME ZONE 'Asia/Shanghai')::date))
                AND task.unit_id = ANY (yiwang_units('task.handle'))
        )
$$;

-- Open one of them: the row of the opening first, then what is sealed. Nothing where it may not be opened.
CREATE FUNCTION yiwang_open_number(of_report uuid, moment timestamptz)
RETURNS TABLE (name bytea, phone bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    of_case bigint;
BEGIN
    SELECT report.case_id INTO of_case FROM cases_report report WHERE report.id = of_report;
    IF of_case IS NULL OR NOT EXISTS (
        SELECT 1 FROM yiwang_numbers_to_call(of_case) AS may (id) WHERE may.id = of_report
    ) THEN
        RETURN;
    END IF;
    INSERT INTO cases_opening (report_id, case_id, user_id, at, way)
    VALUES (of_report, of_case, yiwang_viewer(), moment, 'handler');
    RETURN QUERY SELECT who.name, who.phone FROM cases_reporter who WHERE who.report_id = of_report;
END $$;

-- From now on nobody reads who reported this case. A policy would keep the program from writing a row it could not
-- read afterwards; this can hide and nothing else.
CREATE FUNCTION yiwang_hide_reporters(of_case bigint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    UPDATE cases_reporter SET area_path = ''
    WHERE report_id IN (SELECT report.id FROM cases_report report WHERE report.case_id = of_case)
$$;
"""

UNDONE = """
DROP FUNCTION yiwang_hide_reporters(bigint);
DROP FUNCTION yiwang_open_number(uuid, timestamptz);
DROP FUNCTION yiwang_numbers_to_call(bigint);
DROP FUNCTION yiwang_viewer();
"""

USER = migrations.swappable_dependency(settings.AUTH_USER_MODEL)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_owed_and_due"),
        ("organisation", "0003_leave"),
        USER,
    ]
    operations = [
        migrations.AddField("report", "call_next_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "report",
            "call_outcome",
            models.CharField(
                blank=True,
                choices=[("unreachable", "联系不上"), ("refused", "不愿评价")],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField("report", "call_held_until", models.DateTimeField(null=True)),
        migrations.AddField(
            "report",
            "call_held_by",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "case",
            "about_user",
            models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "case",
            "about_unit",
            models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="organisation.unit",
            ),
        ),
        migrations.AddIndex(
            "report",
            models.Index(
                condition=models.Q(("call_next_at__isnull", False)),
                fields=["call_next_at", "id"],
                name="report_to_call",
            ),
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("about_unit__isnull", True), ("about_user__isnull", True)),
                    ("confidential", True),
                    _connector="OR",
                ),
                name="case_about_staff_is_confidential",
            ),
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "way",
                    models.CharField(
                        choices=[("read", "受理查看"), ("call_back", "回访"), ("handler", "经办人联系")],
                        max_length=10,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="cases.report",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "号码打开记录",
                "indexes": [
                    models.Index(fields=["at", "id"], name="opening_newest"),
                    models.Index(fields=["user", "at"], name="opening_by_user"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["read", "call_back", "handler"])),
                        name="opening_has_a_known_way",
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, UNDONE),
    ]
