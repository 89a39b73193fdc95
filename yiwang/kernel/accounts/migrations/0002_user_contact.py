from django.db import migrations

from yiwang.kernel.foundation.secrets import SealedTextField


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            "user",
            "email",
            SealedTextField(blank=True, editable=True, null=True, verbose_name="电子邮箱"),
        ),
        migrations.AddField(
            "user",
            "phone",
            SealedTextField(blank=True, editable=True, null=True, verbose_name="手机"),
        ),
    ]
