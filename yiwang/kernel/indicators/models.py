"""Tables of its own: checks of the record, and the rollups (汇总): counts of days that are over."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.indicators.rules import is_broken_off


class AuditCheck(models.Model):
    """One walk over the whole record. `findings` keeps the first sentences, `wrong` counts them all.

    `touched_at` is when it was last heard of: the walk writes its progress while it runs.
    """

    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("开始时间"))
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    wrong = models.BigIntegerField(default=0)
    findings = models.JSONField(default=list)
    sealed_day = models.DateField(null=True)

    class Meta:
        verbose_name = _("记录校验")
        constraints = [
            models.CheckConstraint(
                name="audit_check_counts", condition=Q(done__gte=0, total__gte=0, wrong__gte=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.wrong}"

    def is_running(self, at: datetime) -> bool:
        """Under way, or waiting for the worker."""
        return self.finished_at is None and not is_broken_off(self.touched_at, None, at)

    @property
    def is_whole(self) -> bool:
        return self.finished_at is not None and self.wrong == 0

    @property
    def share(self) -> float:
        """How far it is, 0 … 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


class DayCount(models.Model):
    """What is counted of the settled cases opened on one day (`counting.conditions`, `counting.voices`), in one place.

    `by` says what the rows of a day are divided by beside the place: nothing ("area"), the unit or the category, whose
    id is `key`. No personal data, and no keys to other tables: counts outlive what they were divided by.
    """

    day = models.DateField()
    by = models.CharField(max_length=8)
    key = models.BigIntegerField(null=True)
    area_id = models.BigIntegerField(null=True)
    area_path = models.CharField(max_length=120)
    reported = models.IntegerField(default=0)
    decided = models.IntegerField(default=0)
    valid = models.IntegerField(default=0)
    sent = models.IntegerField(default=0)
    sent_right = models.IntegerField(default=0)
    due = models.IntegerField(default=0)
    handled = models.IntegerField(default=0)
    handled_in_time = models.IntegerField(default=0)
    late_open = models.IntegerField(default=0)
    extended = models.IntegerField(default=0)
    due_to_close = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    closed_in_time = models.IntegerField(default=0)
    reworked = models.IntegerField(default=0)
    due_to_check = models.IntegerField(default=0)
    checked_in_time = models.IntegerField(default=0)
    rated = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)
    very_satisfied = models.IntegerField(default=0)
    quite_satisfied = models.IntegerField(default=0)
    basically_satisfied = models.IntegerField(default=0)
    dissatisfied = models.IntegerField(default=0)
    unrated = models.IntegerField(default=0)
    unreachable = models.IntegerField(default=0)
    refused_to_rate = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("指标汇总")
        indexes = [models.Index(fields=["by", "day"], name="day_count_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.by} {self.key} {self.area_path}: {self.reported}"


class DayFlow(models.Model):
    """What was closed on one day in one place, and how many ran late then: see `weeks.py`. Settled cases only."""

    day = models.DateField(db_index=True)
    area_path = models.CharField(max_length=120)
    closed = models.IntegerField(default=0)
    late = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("指标汇总")

    def __str__(self) -> str:
        return f"{self.day} {self.area_path}: {self.closed}, {self.late}"


class CountedDay(models.Model):
    """A day whose counts are in the rollups."""

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("指标汇总")

    def __str__(self) -> str:
        return f"{self.day}"


class TouchedDay(models.Model):
    """A mark, left by the database, that one transaction changed something counted on a day.

    One row for each transaction and day: nobody waits for the mark of somebody else, and counting a day takes away the
    marks it saw and no others.
    """

    day = models.DateField()
    transaction = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("指标汇总")
        constraints = [
            models.UniqueConstraint(fields=["day", "transaction", "at"], name="touched_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.day}"
