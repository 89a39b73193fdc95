"""The one table of its own: checks of the record, with their progress and their result."""

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
