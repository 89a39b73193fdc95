"""Who looks on is told in the transaction of every action; what one click did can be taken back for ten seconds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Every action on a case writes its row of the record, so the record is where a change is seen: no door, no action and no
# future one can forget to tell. Sent with the commit: which case, where, whose, never a word of it.
LIVE = """
CREATE FUNCTION yiwang_live_said() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    touched bigint[] := ARRAY(SELECT DISTINCT subject_id::bigint FROM added WHERE subject_type = 'case' LIMIT 51);
BEGIN
    IF cardinality(touched) > 50 THEN
        PERFORM pg_notify('yiwang_live', '*');
    ELSIF touched <> '{}' THEN
        PERFORM pg_notify('yiwang_live', json_build_array(
            c.id, c.version, c.area_path, c.unit_ids, c.confidential)::text)
        FROM cases_case AS c WHERE c.id = ANY (touched);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_says_what_changed AFTER INSERT ON foundation_auditentry
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION yiwang_live_said();

-- A case that leaves somebody's land is told where it was, so that it goes from their lists.
CREATE FUNCTION yiwang_live_left() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_notify('yiwang_live', json_build_array(
        OLD.id, NEW.version, OLD.area_path, OLD.unit_ids, OLD.confidential)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER case_says_where_it_was AFTER UPDATE ON cases_case FOR EACH ROW
WHEN ((OLD.area_path, OLD.confidential) IS DISTINCT FROM (NEW.area_path, NEW.confidential)
      OR NOT OLD.unit_ids <@ NEW.unit_ids)
EXECUTE FUNCTION yiwang_live_left();

-- Whose bell has something new, or has been read.
CREATE FUNCTION yiwang_live_bell() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    people bigint[] := ARRAY(SELECT DISTINCT user_id FROM added LIMIT 501);
BEGIN
    IF cardinality(people) > 500 THEN
        PERFORM pg_notify('yiwang_live', '*');
    ELSIF people <> '{}' THEN
        PERFORM pg_notify('yiwang_live', json_build_object('bell', people)::text);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notice_rings AFTER INSERT ON notices_notice
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION yiwang_live_bell();
CREATE TRIGGER notice_is_read AFTER UPDATE ON notices_notice
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION yiwang_live_bell();
"""

SILENT = """
DROP TRIGGER notice_is_read ON notices_notice;
DROP TRIGGER notice_rings ON notices_notice;
DROP FUNCTION yiwang_live_bell();
DROP TRIGGER case_says_where_it_was ON cases_case;
DROP FUNCTION yiwang_live_left();
DROP TRIGGER record_says_what_changed ON foundation_auditentry;
DROP FUNCTION yiwang_live_said();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_calls_and_openings"),
        ("foundation", "0004_films_voices_and_documents"),
        ("notices", "0002_channels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Undo",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True,
                        related_name="undo", serialize=False, to="cases.case",
                    ),
                ),
                ("move", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField()),
                ("entry", models.BigIntegerField()),
                ("at", models.DateTimeField(db_index=True)),
                ("jobs", models.JSONField(default=list)),
                ("before", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE,
                        related_name="+", to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "可撤销的一步"},
        ),
        migrations.RunSQL(LIVE, SILENT),
    ]
