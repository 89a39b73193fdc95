"""Lists as Excel: each person's own, sealed where it may hold a word somebody typed."""

import uuid

from django.db import migrations, models

from yiwang.kernel.foundation.secrets import SealedTextField

POLICY = """
ALTER TABLE foundation_export ENABLE ROW LEVEL SECURITY;
CREATE POLICY export_own ON foundation_export
    USING (current_setting('yiwang.viewer', true) IN (owner_id::text, 'system'))
    WITH CHECK (current_setting('yiwang.viewer', true) IN (owner_id::text, 'system'));
"""
UNDONE = """
DROP POLICY export_own ON foundation_export;
ALTER TABLE foundation_export DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0004_films_voices_and_documents")]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("owner_id", models.BigIntegerField()),
                ("source", models.CharField(max_length=40)),
                ("query", SealedTextField()),
                ("said", SealedTextField(null=True)),
                ("language", models.CharField(max_length=10)),
                ("state", models.CharField(default="waiting", max_length=10, verbose_name="状态")),
                ("total", models.PositiveIntegerField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("run", models.UUIDField(null=True)),
                ("beat_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, default="", max_length=300)),
                ("asked_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
            ],
            options={"verbose_name": "导出"},
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["owner_id", "-asked_at"], name="export_of_owner"),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["asked_at"], name="export_by_age"),
        ),
        migrations.RunSQL(POLICY, UNDONE),
    ]
