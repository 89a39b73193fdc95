import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_issued_passwords")]

    operations = [
        migrations.CreateModel(
            name="TurnedAway",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hour", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("password", "密码错误"),
                            ("code", "验证码错误"),
                            ("locked", "锁定"),
                            ("page", "打开无权的页面"),
                            ("form", "来历不明的提交"),
                        ],
                        max_length=12,
                    ),
                ),
                ("place", models.CharField(blank=True, default="", max_length=120)),
                ("times", models.PositiveIntegerField(default=1)),
                ("last_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-last_at", "-id"], name="turned_away_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hour", "kind", "user", "place"),
                        name="turned_away_by_the_hour",
                        nulls_distinct=False,
                    )
                ],
            },
        )
    ]
