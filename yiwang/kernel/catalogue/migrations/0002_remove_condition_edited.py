"""Nothing is left to do here; the first migration of `cases` names it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = []
