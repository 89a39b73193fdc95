"""What is open has a mark, so that its words are found at once; voices to be called are found from their case."""

from django.db import migrations, models

IS_OPEN = "{}.stage IN ('reported', 'accepted', 'dispatched', 'handling', 'suspended', 'reported_back')"

FUNCTION = """
CREATE OR REPLACE FUNCTION yiwang_case_marks(c cases_case) RETURNS tsvector
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
        || array_remove(ARRAY['u' || coalesce(c.lead_unit_id, c.suggested_unit_id), %s
              CASE WHEN c.stage = 'closed' THEN
                  'k' || to_char(c.closed_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMM') END], NULL)
    )
$$;
"""

TRIGGER = """
DROP TRIGGER case_keeps_its_marks ON cases_case;
CREATE TRIGGER case_keeps_its_marks AFTER UPDATE ON cases_case FOR EACH ROW
WHEN ((OLD.area_path, OLD.category_path, OLD.lead_unit_id, OLD.suggested_unit_id, OLD.unit_ids,
       OLD.fixer_ids, OLD.taken_by_id, OLD.channel, OLD.opened_at, OLD.closed_at,
       OLD.stage = 'closed'%s)
      IS DISTINCT FROM
      (NEW.area_path, NEW.category_path, NEW.lead_unit_id, NEW.suggested_unit_id, NEW.unit_ids,
       NEW.fixer_ids, NEW.taken_by_id, NEW.channel, NEW.opened_at, NEW.closed_at,
       NEW.stage = 'closed'%s))
EXECUTE FUNCTION yiwang_keep_marks();
"""

MARKED = FUNCTION % f"CASE WHEN {IS_OPEN.format('c')} THEN 'o' END," + TRIGGER % (
    f", {IS_OPEN.format('OLD')}",
    f", {IS_OPEN.format('NEW')}",
)
UNDONE = FUNCTION % "" + TRIGGER % ("", "")

BEFORE = f"""
UPDATE cases_lookup SET marks = yiwang_case_marks(c) FROM cases_case AS c
WHERE c.id = cases_lookup.case_id AND {IS_OPEN.format("c")}
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_language_of_a_report")]
    operations = [
        migrations.RunSQL(MARKED, UNDONE),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                fields=["case"],
                condition=models.Q(call_next_at__isnull=False),
                name="report_to_call_of_case",
            ),
        ),
    ]
