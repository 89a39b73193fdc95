"""What Django cannot express: no double posting, deputies of the same job, grid workers on grids,
and the functions that policies ask where the viewer of a transaction has a permission."""

from django.db import migrations

CONSTRAINTS = """
-- GiST ranges of core PostgreSQL; a number n is the range [n,n], a role is a number made of its digest.
ALTER TABLE organisation_posting ADD CONSTRAINT posting_not_twice_at_a_time EXCLUDE USING gist (
    int8range(user_id, user_id, '[]') WITH &&,
    int8range(unit_id, unit_id, '[]') WITH &&,
    int8range(area_id, area_id, '[]') WITH &&,
    int8range(coalesce(stands_in_for_id, 0), coalesce(stands_in_for_id, 0), '[]') WITH &&,
    int4range(('x' || left(md5(role), 7))::bit(28)::int4, ('x' || left(md5(role), 7))::bit(28)::int4, '[]') WITH &&,
    daterange(starts_on, ends_on) WITH &&
);

-- A deputy's posting is of the same unit, role and area as the one it stands in for.
ALTER TABLE organisation_posting ADD CONSTRAINT posting_whole UNIQUE (id, unit_id, role, area_id);
ALTER TABLE organisation_posting ADD CONSTRAINT posting_deputy_has_the_same_job
    FOREIGN KEY (stands_in_for_id, unit_id, role, area_id)
    REFERENCES organisation_posting (id, unit_id, role, area_id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION organisation_posting_check() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.role = 'grid_worker' AND NOT EXISTS (
        SELECT 1 FROM territory_division WHERE id = NEW.area_id AND level = 'grid'
    ) THEN
        RAISE EXCEPTION 'the area of a grid worker is a grid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_grid_worker_in_a_grid';
    END IF;
    IF EXISTS (
        SELECT 1 FROM organisation_posting WHERE id = NEW.stands_in_for_id AND user_id = NEW.user_id
    ) THEN
        RAISE EXCEPTION 'a deputy stands in for another person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_deputy_is_another';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER organisation_posting_check BEFORE INSERT OR UPDATE OF user_id, role, area_id, stands_in_for_id
    ON organisation_posting FOR EACH ROW EXECUTE FUNCTION organisation_posting_check();
"""

FUNCTIONS = """
-- The postings of the viewer that give a permission today; the same answer as organisation.duties.
CREATE FUNCTION yiwang_postings(permission text, reach text)
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

-- Path prefixes of the land over which the viewer holds the permission; '/' is everywhere.
CREATE FUNCTION yiwang_areas(permission text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT CASE WHEN current_setting('yiwang.viewer', true) = 'system' THEN ARRAY['/']
        ELSE coalesce((SELECT array_agg(DISTINCT area_path) FROM yiwang_postings($1, 'area')), '{}')
    END
$$;

-- Units whose own work the permission opens to the viewer (unit handlers).
CREATE FUNCTION yiwang_units(permission text) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT coalesce((SELECT array_agg(DISTINCT unit_id) FROM yiwang_postings($1, 'unit')), '{}')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0001_initial"),
        ("accounts", "0001_initial"),
        ("territory", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            CONSTRAINTS,
            "DROP TRIGGER organisation_posting_check ON organisation_posting;"
            "DROP FUNCTION organisation_posting_check();"
            "ALTER TABLE organisation_posting DROP CONSTRAINT posting_not_twice_at_a_time;"
            "ALTER TABLE organisation_posting DROP CONSTRAINT posting_deputy_has_the_same_job;"
            "ALTER TABLE organisation_posting DROP CONSTRAINT posting_whole;",
        ),
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION yiwang_units(text); DROP FUNCTION yiwang_areas(text);"
            "DROP FUNCTION yiwang_postings(text, text);",
        ),
    ]
