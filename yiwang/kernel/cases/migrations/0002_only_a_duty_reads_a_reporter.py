"""Who a reporter is can be read and changed only by a duty with `reporter.read` over the area; anybody may report."""

from django.db import migrations

POLICIES = """
ALTER TABLE cases_reporter ENABLE ROW LEVEL SECURITY;
CREATE POLICY reporter_told ON cases_reporter FOR INSERT WITH CHECK (true);
CREATE POLICY reporter_read ON cases_reporter FOR SELECT
    USING (area_path ^@ ANY ((SELECT yiwang_areas('reporter.read'))::text[]));
CREATE POLICY reporter_changed ON cases_reporter FOR UPDATE
    USING (area_path ^@ ANY ((SELECT yiwang_areas('reporter.read'))::text[])) WITH CHECK (true);
CREATE POLICY reporter_erased ON cases_reporter FOR DELETE
    USING (area_path ^@ ANY ((SELECT yiwang_areas('reporter.read'))::text[]));
"""

UNDONE = """
DROP POLICY reporter_told ON cases_reporter;
DROP POLICY reporter_read ON cases_reporter;
DROP POLICY reporter_changed ON cases_reporter;
DROP POLICY reporter_erased ON cases_reporter;
ALTER TABLE cases_reporter DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("organisation", "0002_postings_keep_their_word"),
    ]
    operations = [migrations.RunSQL(POLICIES, UNDONE)]
