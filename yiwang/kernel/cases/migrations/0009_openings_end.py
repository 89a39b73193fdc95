"""Who opened a number is forgotten after three years. The program may not remove such a row itself: the database looks at
its own clock, so that nobody wipes out a trace before its time."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION yiwang_end_openings(before timestamptz, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH over AS (
        SELECT id FROM cases_opening
        WHERE at <= least(before, now() - interval '1095 days') ORDER BY at, id LIMIT most
    ), gone AS (
        DELETE FROM cases_opening WHERE id IN (SELECT id FROM over) RETURNING 1
    ) SELECT count(*) FROM gone;
$$;
REVOKE ALL ON FUNCTION yiwang_end_openings(timestamptz, integer) FROM PUBLIC;
"""

UNDONE = "DROP FUNCTION yiwang_end_openings(timestamptz, integer);"


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_the_desk_at_work")]
    operations = [migrations.RunSQL(FUNCTION, UNDONE)]
