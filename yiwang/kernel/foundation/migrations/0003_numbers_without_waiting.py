"""The next number of a day from a sequence: two reports taken at the same moment never wait for each other.

A counter row would stay locked until its transaction is on disk, so that reports came in one by one. A sequence is
not locked; what it had reached when the day began is kept once a day. A transaction that is rolled back leaves a gap.
"""

from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION yiwang_next_number(wanted text, on_day date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    numbers text := 'foundation_numbers_' || wanted;
    reached bigint;
BEGIN
    SELECT base INTO reached FROM foundation_daystart WHERE series = wanted AND day = on_day;
    IF NOT FOUND THEN
        IF wanted !~ '^[a-z_]{1,30}$' THEN
            RAISE EXCEPTION 'a series is a short word, not %', wanted USING ERRCODE = 'check_violation';
        END IF;
        -- Once a day and series: the others wait here until the first one has noted where the day begins.
        PERFORM pg_advisory_xact_lock(hashtextextended(numbers, 0));
        SELECT base INTO reached FROM foundation_daystart WHERE series = wanted AND day = on_day;
        IF NOT FOUND THEN
            EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', numbers);
            EXECUTE format('SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM %I', numbers)
                INTO reached;
            INSERT INTO foundation_daystart (series, day, base) VALUES (wanted, on_day, reached);
        END IF;
    END IF;
    RETURN nextval(numbers::regclass) - reached;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_audit_chain")]
    operations = [
        migrations.CreateModel(
            name="DayStart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("series", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("base", models.BigIntegerField()),
            ],
            options={"verbose_name": "编号起点"},
        ),
        migrations.AddConstraint(
            model_name="daystart",
            constraint=models.UniqueConstraint(
                fields=["series", "day"], name="one_start_per_series_and_day"
            ),
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION yiwang_next_number(text, date)"),
    ]
