"""The town's own calendar, beside the official one that comes with the program."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.calendar.rules import DayKind


class WorkingHours(models.Model):
    """Sessions of a working day from a date on: [["08:00", "12:00"], ["14:00", "18:00"]]."""

    valid_from = models.DateField(_("生效日期"), unique=True)
    sessions = models.JSONField(_("工作时段"))

    class Meta:
        verbose_name = _("工作时间")
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from} {self.sessions}"


class CalendarDay(models.Model):
    """A day the town decides itself; it wins over the official calendar."""

    KINDS = [(DayKind.WORK.value, _("上班")), (DayKind.FREE.value, _("休息"))]

    date = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("安排"), max_length=4, choices=KINDS)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    source = models.CharField(_("依据"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("日历")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in DayKind]),
                name="calendar_day_is_work_or_free",
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind} {self.name}"


class PublishedYear(models.Model):
    """A year whose holidays are official and whose provisional deadlines have been computed again."""

    year = models.PositiveSmallIntegerField(_("年份"), primary_key=True)
    source = models.CharField(_("依据"), max_length=120)
    at = models.DateTimeField(_("公布时间"))

    class Meta:
        verbose_name = _("已公布年份")
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year} {self.source}"
