"""The last number given out, per series and day."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    series = models.CharField(max_length=40)
    day = models.DateField()
    last = models.BigIntegerField()

    class Meta:
        verbose_name = _("编号计数")
        constraints = [
            models.UniqueConstraint(fields=["series", "day"], name="one_counter_per_series_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.day} {self.last}"
