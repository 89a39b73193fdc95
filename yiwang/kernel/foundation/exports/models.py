"""An export: who asked for which list, how far it is, and until when the file is there."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.exports import rules
from yiwang.kernel.foundation.secrets import SealedTextField


class Export(models.Model):
    """One list asked for as Excel. Row-level security: its owner's, and the program's own, nobody else's.

    What it was narrowed to may hold a word somebody typed: `query` and `said` are sealed. `run` and `beat_at` tell which
    worker is at it and when it last said so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_id = models.BigIntegerField()
    source = models.CharField(max_length=40)
    query = SealedTextField()
    said = SealedTextField(null=True)
    language = models.CharField(max_length=10)
    state = models.CharField(_("状态"), max_length=10, default=rules.WAITING)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    run = models.UUIDField(null=True)
    beat_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True, default="")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("导出")
        indexes = [
            models.Index(fields=["owner_id", "-asked_at"], name="export_of_owner"),
            models.Index(fields=["asked_at"], name="export_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"

    @property
    def under_way(self) -> bool:
        return self.state in rules.UNDER_WAY

    @property
    def share(self) -> int:
        return rules.share_of(self.done, self.total)
