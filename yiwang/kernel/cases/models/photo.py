"""What stands beside the words of a case: photos first, and films, voices and documents.

As reported, after the work, or at the check. Private until a person publishes it.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.models.case import Case
from yiwang.kernel.cases.models.report import Report
from yiwang.kernel.cases.models.task import Task
from yiwang.kernel.foundation.shelf import Kept

PURPOSES = [("before", _("处置前")), ("after", _("处置后")), ("check", _("核查"))]


class CasePhoto(Kept):
    """One photo, film, voice or document in one role. The file itself, and of which kind it is, is foundation's."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="photos")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="photos")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="photos")
    file = models.ForeignKey("foundation.StoredFile", models.PROTECT, related_name="case_photos")
    purpose = models.CharField(max_length=8, choices=PURPOSES)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("案卷照片")
        constraints = [
            models.CheckConstraint(
                name="photo_published_is_paired",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["case", "added_at"], name="photo_by_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.purpose}"
