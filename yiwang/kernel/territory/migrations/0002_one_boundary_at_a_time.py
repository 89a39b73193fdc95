"""At most one boundary of a division on any day.

Written by hand: ranges of core PostgreSQL, so that the GiST index needs no extension.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE territory_boundary ADD CONSTRAINT boundary_one_at_a_time EXCLUDE USING gist (
                int8range(division_id, division_id, '[]') WITH &&,
                daterange(valid_from, valid_to) WITH &&
            )
            """,
            "ALTER TABLE territory_boundary DROP CONSTRAINT boundary_one_at_a_time",
        )
    ]
