from django.db import migrations, models

# Shared by the web processes: codes of a second factor that were used, and how often somebody tried. As Django's
# `createcachetable` would make it.
CACHE = """
CREATE TABLE accounts_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_contact")]

    operations = [
        migrations.AddField(
            "user",
            "employee_number",
            models.CharField(blank=True, default="", max_length=40, verbose_name="工号"),
        ),
        migrations.AddField(
            "user",
            "password_issued_at",
            models.DateTimeField(blank=True, null=True, verbose_name="首次密码发放时间"),
        ),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                condition=models.Q(("employee_number", ""), _negated=True),
                fields=("employee_number",),
                name="employee_number_once",
            ),
        ),
        migrations.RunSQL(CACHE, "DROP TABLE accounts_cache;"),
    ]
