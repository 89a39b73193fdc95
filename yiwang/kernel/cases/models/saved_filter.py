"""A list somebody looks at again and again: its name and what it is narrowed to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """One person's filter; with `unit` the colleagues of that unit see it too. `query` is the query string of the list."""

    owner = models.ForeignKey("accounts.User", models.CASCADE, db_index=False, related_name="+")
    unit = models.ForeignKey(
        "organisation.Unit", models.CASCADE, null=True, db_index=False, related_name="+"
    )
    name = models.CharField(_("名称"), max_length=30)
    query = models.CharField(max_length=400)
    place = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("常用筛选")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="filter_named_once")]
        indexes = [
            models.Index(
                fields=["unit"], condition=models.Q(unit__isnull=False), name="filter_of_unit"
            )
        ]

    def __str__(self) -> str:
        return self.name
