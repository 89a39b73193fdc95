"""The marks a case is found by follow its facts, whoever changes them; what rules.words.marks_of writes for a new one."""

from django.db import migrations

MARKS = """
CREATE FUNCTION yiwang_case_marks(c cases_case) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(
        ARRAY['h' || c.channel,
              'm' || to_char(c.opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMM')]
        || ARRAY(SELECT 'a' || part FROM unnest(string_to_array(c.area_path, '/')) AS part
                 WHERE part <> '')
        || ARRAY(SELECT 'c' || part FROM unnest(string_to_array(c.category_path, '/')) AS part
                 WHERE part <> '')
        || ARRAY(SELECT 'w' || unit FROM unnest(c.unit_ids) AS unit)
        || ARRAY(SELECT 'p' || fixer FROM unnest(c.fixer_ids || c.taken_by_id) AS fixer
                 WHERE fixer IS NOT NULL)
        || array_remove(ARRAY['u' || coalesce(c.lead_unit_id, c.suggested_unit_id),
              CASE WHEN c.stage = 'closed' THEN
                  'k' || to_char(c.closed_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMM') END], NULL)
    )
$$;

CREATE FUNCTION yiwang_keep_marks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cases_lookup SET marks = yiwang_case_marks(NEW) WHERE case_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER case_keeps_its_marks AFTER UPDATE ON cases_case FOR EACH ROW
WHEN ((OLD.area_path, OLD.category_path, OLD.lead_unit_id, OLD.suggested_unit_id, OLD.unit_ids,
       OLD.fixer_ids, OLD.taken_by_id, OLD.channel, OLD.opened_at, OLD.closed_at,
       OLD.stage = 'closed')
      IS DISTINCT FROM
      (NEW.area_path, NEW.category_path, NEW.lead_unit_id, NEW.suggested_unit_id, NEW.unit_ids,
       NEW.fixer_ids, NEW.taken_by_id, NEW.channel, NEW.opened_at, NEW.closed_at,
       NEW.stage = 'closed'))
EXECUTE FUNCTION yiwang_keep_marks();
"""

UNDONE = """
DROP TRIGGER case_keeps_its_marks ON cases_case;
DROP FUNCTION yiwang_keep_marks();
DROP FUNCTION yiwang_case_marks(cases_case);
"""

# What is there already: who took each case in, and marks without words. `yiwang reindex-search` adds the words.
BEFORE = """
UPDATE cases_case SET taken_by_id = first.taken_by_id
FROM (SELECT DISTINCT ON (first_case_id) first_case_id, taken_by_id FROM cases_report
      ORDER BY first_case_id, received_at, id) AS first
WHERE first.first_case_id = cases_case.id AND first.taken_by_id IS NOT NULL;
INSERT INTO cases_lookup (case_id, words, marks)
SELECT c.id, ''::tsvector, yiwang_case_marks(c) FROM cases_case AS c ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_lookup")]
    operations = [
        migrations.RunSQL(MARKS, UNDONE),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
    ]
