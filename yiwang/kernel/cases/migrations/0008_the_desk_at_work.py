"""Reports on somebody's behalf; parked reports, which only who typed them can read; filters a person keeps."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from yiwang.kernel.foundation.secrets import SealedTextField

POLICY = """
ALTER TABLE cases_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY draft_own ON cases_draft
    USING (current_setting('yiwang.viewer', true) = owner_id::text)
    WITH CHECK (current_setting('yiwang.viewer', true) = owner_id::text);

-- The program forgets what nobody has touched for a while, and cannot read it.
CREATE FUNCTION yiwang_end_drafts(before timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH gone AS (DELETE FROM cases_draft WHERE saved_at < before RETURNING 1)
    SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION yiwang_end_drafts(timestamptz) FROM PUBLIC;
"""
UNDONE = """
DROP FUNCTION yiwang_end_drafts(timestamptz);
DROP POLICY draft_own ON cases_draft;
ALTER TABLE cases_draft DISABLE ROW LEVEL SECURITY;
"""

USER = settings.AUTH_USER_MODEL
CASCADE = django.db.models.deletion.CASCADE


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_live_and_undo"),
        ("organisation", "0003_leave"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        migrations.AddField(
            "reporter",
            "for_whom",
            models.CharField(
                blank=True,
                choices=[("family", "家人"), ("neighbour", "邻居"), ("other", "他人")],
                default="",
                max_length=10,
                verbose_name="替谁反映",
            ),
        ),
        migrations.AddField("reporter", "concerned", SealedTextField(null=True, verbose_name="当事人")),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("body", SealedTextField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("tab", models.CharField(blank=True, max_length=40)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("owner", models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="+", to=USER)),
            ],
            options={"verbose_name": "暂存"},
        ),
        migrations.AddIndex("draft", models.Index(fields=["owner", "-saved_at"], name="draft_of_owner")),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("query", models.CharField(max_length=400)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("owner", models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="+", to=USER)),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=CASCADE, related_name="+", to="organisation.unit"
                    ),
                ),
            ],
            options={"verbose_name": "常用筛选"},
        ),
        migrations.AddIndex(
            "savedfilter",
            models.Index(
                condition=models.Q(("unit__isnull", False)), fields=["unit"], name="filter_of_unit"
            ),
        ),
        migrations.AddConstraint(
            "savedfilter", models.UniqueConstraint(fields=("owner", "name"), name="filter_named_once")
        ),
        migrations.RunSQL(POLICY, UNDONE),
    ]
