"""Each time a reporter's telephone was opened by a member of staff: when, by whom, for which case, and how."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.models.case import Case
from yiwang.kernel.cases.models.report import Report
from yiwang.kernel.foundation.shelf import Kept

WAYS = [("read", _("受理查看")), ("call_back", _("回访")), ("handler", _("经办人联系"))]


class Opening(Kept):
    """One opening. Nothing of the reporter stands in it. `yiwang_open_number` writes it for a handler."""

    append_only: ClassVar[bool] = True

    report = models.ForeignKey(Report, models.PROTECT, related_name="openings")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=WAYS)

    class Meta:
        verbose_name = _("号码打开记录")
        constraints = [
            models.CheckConstraint(
                name="opening_has_a_known_way",
                condition=Q(way__in=["read", "call_back", "handler"]),
            )
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="opening_newest"),
            models.Index(fields=["user", "at"], name="opening_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.way}"
