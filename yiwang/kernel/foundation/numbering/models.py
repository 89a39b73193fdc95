"""Where a day's numbers begin (one by one), and the last number given out (in bulk), per series and day."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayStart(models.Model):
    """What the sequence of a series had reached when a day began; written by `yiwang_next_number` alone."""

    read_only_for_program: ClassVar[bool] = True

    series = models.CharField(max_length=40)
    day = models.DateField()
    base = models.BigIntegerField()

    class Meta:
        verbose_name = _("编号起点")
        constraints = [
            models.UniqueConstraint(fields=["series", "day"], name="one_start_per_series_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.day} {self.base}"


class Counter(models.Model):
    """The last number of a series whose numbers are taken many at a time."""

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
