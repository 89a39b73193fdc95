"""Counts of whole days that are over, and the marks of days on which something counted has changed since.

The marks are left by the database itself, so that no way of changing a case can forget them. They are about settled
cases only (closed, refused): neither taking a report in nor a move of an open case pays for them.
"""

from django.db import migrations, models

COUNTS = (
    "reported",
    "decided",
    "valid",
    "sent",
    "sent_right",
    "due",
    "handled",
    "handled_in_time",
    "late_open",
    "extended",
    "due_to_close",
    "closed",
    "closed_in_time",
    "reworked",
    "due_to_check",
    "checked_in_time",
    "rated",
    "satisfied",
    "very_satisfied",
    "quite_satisfied",
    "basically_satisfied",
    "dissatisfied",
    "unrated",
    "unreachable",
    "refused_to_rate",
)

SETTLED = "('closed', 'refused')"
CASE = (
    "stage, confidential, area_id, area_path, category_id, lead_unit_id, opened_at, closed_at,"
    " dispatched_at, on_spot, return_count, handled_in_time, extension_count, rework_count"
)


def _of(row: str) -> str:
    return ", ".join(f"{row}.{name.strip()}" for name in CASE.split(","))


MARKS = f"""
CREATE FUNCTION yiwang_touch_day(moment timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO indicators_touchedday (day, transaction, at)
    SELECT (moment AT TIME ZONE 'Asia/Shanghai')::date, pg_current_xact_id()::text::bigint, now()
    WHERE moment IS NOT NULL
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION yiwang_touch_days_of(c cases_case) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM yiwang_touch_day(c.opened_at);
    PERFORM yiwang_touch_day(c.closed_at);
    PERFORM yiwang_touch_day(due_at) FROM cases_clock
    WHERE case_id = c.id AND (stopped_at IS NULL OR stopped_at > due_at);
END $$;

-- A history comes in by thousands: what is new is marked once a statement, not once a row.
CREATE FUNCTION yiwang_cases_come() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO indicators_touchedday (day, transaction, at)
    SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date,
           pg_current_xact_id()::text::bigint, now()
    FROM fresh, LATERAL (VALUES (fresh.opened_at), (fresh.closed_at)) AS its (moment)
    WHERE fresh.stage IN {SETTLED} AND moment IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION yiwang_clocks_come() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO indicators_touchedday (day, transaction, at)
    SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date,
           pg_current_xact_id()::text::bigint, now()
    FROM fresh JOIN cases_case AS c ON c.id = fresh.case_id,
         LATERAL (VALUES (fresh.due_at), (c.opened_at), (c.closed_at)) AS its (moment)
    WHERE fresh.stopped_at > fresh.due_at AND c.stage IN {SETTLED} AND moment IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION yiwang_case_touches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.stage IN {SETTLED} THEN
        PERFORM yiwang_touch_days_of(OLD);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.stage IN {SETTLED} THEN
        PERFORM yiwang_touch_days_of(NEW);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION yiwang_report_touches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM yiwang_touch_day(c.opened_at) FROM cases_case AS c
        WHERE c.id = OLD.case_id AND c.stage IN {SETTLED};
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM yiwang_touch_day(c.opened_at) FROM cases_case AS c
        WHERE c.id = NEW.case_id AND c.stage IN {SETTLED};
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION yiwang_clock_touches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM yiwang_touch_days_of(c), yiwang_touch_day(OLD.due_at) FROM cases_case AS c
        WHERE c.id = OLD.case_id AND c.stage IN {SETTLED};
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM yiwang_touch_days_of(c), yiwang_touch_day(NEW.due_at) FROM cases_case AS c
        WHERE c.id = NEW.case_id AND c.stage IN {SETTLED};
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER case_touches_its_days AFTER UPDATE ON cases_case FOR EACH ROW
WHEN ((OLD.stage IN {SETTLED} OR NEW.stage IN {SETTLED})
      AND ({_of("OLD")}) IS DISTINCT FROM ({_of("NEW")}))
EXECUTE FUNCTION yiwang_case_touches();
CREATE TRIGGER cases_come_with_their_days AFTER INSERT ON cases_case
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION yiwang_cases_come();
CREATE TRIGGER case_goes_with_its_days AFTER DELETE ON cases_case FOR EACH ROW
WHEN (OLD.stage IN {SETTLED}) EXECUTE FUNCTION yiwang_case_touches();

CREATE TRIGGER report_touches_its_day AFTER UPDATE ON cases_report FOR EACH ROW
WHEN ((OLD.case_id, OLD.rating, OLD.call_outcome)
      IS DISTINCT FROM (NEW.case_id, NEW.rating, NEW.call_outcome))
EXECUTE FUNCTION yiwang_report_touches();
CREATE TRIGGER report_comes_with_its_day AFTER INSERT ON cases_report FOR EACH ROW
WHEN (NEW.rating <> '' OR NEW.call_outcome <> '') EXECUTE FUNCTION yiwang_report_touches();
CREATE TRIGGER report_goes_with_its_day AFTER DELETE ON cases_report FOR EACH ROW
EXECUTE FUNCTION yiwang_report_touches();

CREATE TRIGGER clock_touches_its_day AFTER UPDATE ON cases_clock FOR EACH ROW
WHEN (OLD.stopped_at > OLD.due_at OR NEW.stopped_at > NEW.due_at OR OLD.due_at <> NEW.due_at)
EXECUTE FUNCTION yiwang_clock_touches();
CREATE TRIGGER clocks_come_with_their_days AFTER INSERT ON cases_clock
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION yiwang_clocks_come();
CREATE TRIGGER clock_goes_with_its_day AFTER DELETE ON cases_clock FOR EACH ROW
WHEN (OLD.stopped_at > OLD.due_at OR OLD.stopped_at IS NULL) EXECUTE FUNCTION yiwang_clock_touches();
"""

UNDONE = """
DROP TRIGGER case_touches_its_days ON cases_case;
DROP TRIGGER cases_come_with_their_days ON cases_case;
DROP TRIGGER case_goes_with_its_days ON cases_case;
DROP TRIGGER report_touches_its_day ON cases_report;
DROP TRIGGER report_comes_with_its_day ON cases_report;
DROP TRIGGER report_goes_with_its_day ON cases_report;
DROP TRIGGER clock_touches_its_day ON cases_clock;
DROP TRIGGER clocks_come_with_their_days ON cases_clock;
DROP TRIGGER clock_goes_with_its_day ON cases_clock;
DROP FUNCTION yiwang_cases_come();
DROP FUNCTION yiwang_clocks_come();
DROP FUNCTION yiwang_case_touches();
DROP FUNCTION yiwang_report_touches();
DROP FUNCTION yiwang_clock_touches();
DROP FUNCTION yiwang_touch_days_of(cases_case);
DROP FUNCTION yiwang_touch_day(timestamptz);
"""

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0001_initial"),
        ("cases", "0012_open_cases_are_counted_from_an_index"),
    ]
    operations = [
        migrations.CreateModel(
            name="CountedDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"verbose_name": "指标汇总"},
        ),
        migrations.CreateModel(
            name="DayFlow",
            fields=[
                ID,
                ("day", models.DateField(db_index=True)),
                ("area_path", models.CharField(max_length=120)),
                ("closed", models.IntegerField(default=0)),
                ("late", models.IntegerField(default=0)),
            ],
            options={"verbose_name": "指标汇总"},
        ),
        migrations.CreateModel(
            name="TouchedDay",
            fields=[
                ID,
                ("day", models.DateField()),
                ("transaction", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "指标汇总",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "transaction", "at"), name="touched_day_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ID,
                ("day", models.DateField()),
                ("by", models.CharField(max_length=8)),
                ("key", models.BigIntegerField(null=True)),
                ("area_id", models.BigIntegerField(null=True)),
                ("area_path", models.CharField(max_length=120)),
                *((name, models.IntegerField(default=0)) for name in COUNTS),
            ],
            options={
                "verbose_name": "指标汇总",
                "indexes": [models.Index(fields=["by", "day"], name="day_count_by_day")],
            },
        ),
        migrations.RunSQL(MARKS, UNDONE),
    ]
