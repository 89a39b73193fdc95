"""The task (任务): the work of one unit on a case, as lead (主办) or assisting (协办)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.models.case import Case
from yiwang.kernel.cases.rules.stages import OPEN_TASKS, TASK_NAMES, TaskRole, TaskState
from yiwang.kernel.foundation.shelf import Kept


class Task(Kept):
    """One unit's work, with its own clock, evidence and refusal. `limit` is the original limit as text."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="tasks")
    role = models.CharField(max_length=8, default=TaskRole.LEAD)
    state = models.CharField(
        max_length=10, choices=list(TASK_NAMES.items()), default=TaskState.OFFERED
    )
    handler = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("要求"), blank=True)
    dispatched_at = models.DateTimeField()
    dispatched_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    result = models.TextField(_("处置结果"), blank=True)
    reason = models.TextField(_("退单或取消的理由"), blank=True)
    extension_count = models.PositiveSmallIntegerField(default=0)
    rework_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("任务")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(role=TaskRole.LEAD, state__in=OPEN_TASKS),
                name="task_one_open_lead",
            ),
            models.UniqueConstraint(
                fields=["case", "unit"],
                condition=Q(state__in=OPEN_TASKS),
                name="task_one_open_per_unit",
            ),
            models.CheckConstraint(
                name="task_done_has_a_time",
                condition=~Q(state=TaskState.DONE) | Q(finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "due_at"],
                condition=Q(state__in=OPEN_TASKS),
                name="task_open_by_unit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.pk}"

    @property
    def is_lead(self) -> bool:
        return self.role == TaskRole.LEAD

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_TASKS
