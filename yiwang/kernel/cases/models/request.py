"""A request of a unit that a leader decides: more time, or a pause."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.models.case import Case
from yiwang.kernel.cases.models.task import Task
from yiwang.kernel.foundation.shelf import Kept

KINDS = [("extension", _("延期")), ("suspension", _("挂账"))]
STATES = [
    ("asked", _("待审批")),
    ("approved", _("已同意")),
    ("rejected", _("未同意")),
    ("lapsed", _("已失效")),
]


class Request(Kept):
    """延期 or 挂账, asked by a unit and decided by somebody else."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    task = models.ForeignKey(Task, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=KINDS)
    state = models.CharField(max_length=10, choices=STATES, default="asked")
    reason = models.TextField()
    until = models.DateField(null=True)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        verbose_name = _("申请")
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(state="asked"), name="request_one_open_per_task"
            ),
            models.CheckConstraint(
                name="request_suspension_has_an_end",
                condition=~Q(kind="suspension") | Q(until__isnull=False),
            ),
            models.CheckConstraint(
                name="request_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
