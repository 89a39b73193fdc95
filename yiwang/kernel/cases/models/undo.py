"""What one click changed, kept for the seconds in which it can be taken back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.models.case import Case


class Undo(models.Model):
    """The last move of a case that may be undone. `entry` is its row of the record, `version` the case's after it.

    `before`: of each row that the move changed, the columns that changed, as they were; and the keys of rows it made.
    Ids, stages and moments; never a person's words. `jobs`: the notices that wait.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="undo")
    by = models.ForeignKey("accounts.User", models.CASCADE, db_index=False, related_name="+")
    move = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    entry = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    jobs = models.JSONField(default=list)
    before = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("可撤销的一步")

    def __str__(self) -> str:
        return f"{self.case_id} {self.move}"
