import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from yiwang.kernel.foundation.secrets import SealedTextField

CONSTRAINTS = """
-- One leave of a person on a day, asked for or agreed to.
ALTER TABLE organisation_leave ADD CONSTRAINT leave_once_on_a_day EXCLUDE USING gist (
    int8range(user_id, user_id, '[]') WITH &&,
    daterange(first_day, last_day, '[]') WITH &&
) WHERE (state IN ('asked', 'agreed'));
"""

FUNCTIONS = """
-- Whose postings count for a person on a day: their own unless they are on leave, and those of the people they stand in
-- for. A leave whose stand-in can no longer sign in moves nothing. The same answer as organisation.duties.
CREATE FUNCTION yiwang_acts_for(person bigint, day date) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT person WHERE NOT EXISTS (
        SELECT 1 FROM organisation_leave away JOIN accounts_user other ON other.id = away.stand_in_id
        WHERE away.user_id = person AND away.state = 'agreed' AND other.is_active
            AND away.first_day <= day AND away.last_day >= day
    )
    UNION ALL
    SELECT away.user_id FROM organisation_leave away JOIN accounts_user other ON other.id = away.user_id
    WHERE away.stand_in_id = person AND away.state = 'agreed' AND other.is_active
        AND away.first_day <= day AND away.last_day >= day
$$;

CREATE OR REPLACE FUNCTION yiwang_postings(permission text, reach text)
RETURNS TABLE (unit_id bigint, area_path text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT posting.unit_id, division.path::text
    FROM accounts_user viewer
    CROSS JOIN LATERAL yiwang_acts_for(viewer.id, (now() AT TIME ZONE 'Asia/Shanghai')::date) AS holder (id)
    JOIN organisation_posting posting ON posting.user_id = holder.id
    JOIN organisation_rolepermission held ON held.role = posting.role
        AND held.permission = $1 AND held.reach = $2
    JOIN organisation_unit unit ON unit.id = posting.unit_id AND unit.active
    JOIN territory_division division ON division.id = posting.area_id
    WHERE viewer.is_active
        AND viewer.id = CASE
            WHEN current_setting('yiwang.viewer', true) ~ '^[0-9]{1,18}$'
            THEN current_setting('yiwang.viewer', true)::bigint
        END
        AND posting.starts_on <= (now() AT TIME ZONE 'Asia/Shanghai')::date
        AND (posting.ends_on IS NULL OR posting.ends_on > (now() AT TIME ZONE 'Asia/Shanghai')::date)
$$;
"""

FUNCTIONS_BEFORE = """
CREATE OR REPLACE FUNCTION yiwang_postings(permission text, reach text)
RETURNS TABLE (unit_id bigint, area_path text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT posting.unit_id, division.path::text
    FROM organisation_posting posting
    JOIN organisation_rolepermission held ON held.role = posting.role
        AND held.permission = $1 AND held.reach = $2
    JOIN organisation_unit unit ON unit.id = posting.unit_id AND unit.active
    JOIN accounts_user viewer ON viewer.id = posting.user_id AND viewer.is_active
    JOIN territory_division division ON division.id = posting.area_id
    WHERE posting.user_id = CASE
            WHEN current_setting('yiwang.viewer', true) ~ '^[0-9]{1,18}$'
            THEN current_setting('yiwang.viewer', true)::bigint
        END
        AND posting.starts_on <= (now() AT TIME ZONE 'Asia/Shanghai')::date
        AND (posting.ends_on IS NULL OR posting.ends_on > (now() AT TIME ZONE 'Asia/Shanghai')::date)
$$;
DROP FUNCTION yiwang_acts_for(bigint, date);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0002_postings_keep_their_word"),
        ("accounts", "0002_user_contact"),
    ]

    operations = [
        migrations.CreateModel(
            name="Leave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField(verbose_name="第一天")),
                ("last_day", models.DateField(verbose_name="最后一天")),
                ("reason", SealedTextField(blank=True, editable=True, verbose_name="原因")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待同意"),
                            ("agreed", "已同意"),
                            ("refused", "未同意"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="登记时间")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="替岗人",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="请假人",
                    ),
                ),
            ],
            options={
                "verbose_name": "请假",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="leave_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("stand_in")), _negated=True),
                        name="leave_stand_in_is_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "agreed", "refused", "withdrawn"])),
                        name="leave_has_a_known_state",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CONSTRAINTS, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_BEFORE),
    ]
