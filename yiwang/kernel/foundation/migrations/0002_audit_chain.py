"""Heads follow entries, lines mark heads as sealed, and only a function erases a text: all beyond the program's rights."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION yiwang_audit_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT subject_type, subject_id, min(seq) AS first, max(seq) AS last, count(*) AS rows
            FROM fresh GROUP BY subject_type, subject_id
        ) added
        LEFT JOIN foundation_audithead head USING (subject_type, subject_id)
        WHERE added.first <> coalesce(head.seq, 0) + 1
           OR added.last - added.first + 1 <> added.rows
    ) THEN
        RAISE EXCEPTION 'an audit row does not continue its chain' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO foundation_audithead (subject_type, subject_id, seq, hash, sealed_seq)
    SELECT DISTINCT ON (subject_type, subject_id) subject_type, subject_id, seq, hash, 0
    FROM fresh ORDER BY subject_type, subject_id, seq DESC
    ON CONFLICT (subject_type, subject_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_heads_follow AFTER INSERT ON foundation_auditentry
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION yiwang_audit_follow();

CREATE FUNCTION yiwang_audit_sealed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE foundation_audithead head SET sealed_seq = fresh.seq FROM fresh
    WHERE head.subject_type = fresh.subject_type AND head.subject_id = fresh.subject_id;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_heads_sealed AFTER INSERT ON foundation_auditsealline
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION yiwang_audit_sealed();

CREATE FUNCTION yiwang_audit_erase(entry bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH erased AS (
        UPDATE foundation_audittext SET salt = NULL, body = NULL
        WHERE entry_id = entry AND body IS NOT NULL RETURNING 1
    ) SELECT EXISTS (SELECT FROM erased);
$$;
REVOKE ALL ON FUNCTION yiwang_audit_erase(bigint), yiwang_audit_follow(), yiwang_audit_sealed()
FROM PUBLIC;
"""
GONE = """
DROP TRIGGER audit_heads_follow ON foundation_auditentry;
DROP TRIGGER audit_heads_sealed ON foundation_auditsealline;
DROP FUNCTION yiwang_audit_follow();
DROP FUNCTION yiwang_audit_sealed();
DROP FUNCTION yiwang_audit_erase(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS, GONE)]
