"""The clock: how long a stage may take, why, and how it ended."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.models.case import Case
from yiwang.kernel.cases.models.task import Task
from yiwang.kernel.cases.rules.stages import CLOCK_NAMES
from yiwang.kernel.foundation.shelf import Kept


class Clock(Kept):
    """One stage's time. `limit` reads like "4小时"; `source` names who set the end when it was not computed.

    `next_step_at` is when the sweep has something to do: remind, tell the unit, tell the leader.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="clocks")
    stage = models.CharField(max_length=12, choices=list(CLOCK_NAMES.items()))
    started_at = models.DateTimeField()
    limit = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    source = models.CharField(max_length=40, blank=True)
    trace = models.JSONField(default=list)
    pauses = models.JSONField(default=list)
    extended = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    step = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("时限")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage", "task"],
                condition=Q(stopped_at__isnull=True),
                name="clock_one_running",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(
                fields=["next_step_at"],
                condition=Q(stopped_at__isnull=True, paused_at__isnull=True),
                name="clock_next_step",
            ),
            models.Index(
                fields=["case"],
                condition=Q(provisional=True, stopped_at__isnull=True),
                name="clock_provisional",
            ),
            # Small, and nearly free to write: ends lie in the order clocks are started in.
            BrinIndex(fields=["due_at"], name="clock_due"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage}"
