"""What a member of staff has begun to write down and not yet sent; theirs alone, and gone after a week."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.secrets import SealedTextField


class Draft(models.Model):
    """One parked report. Its id is the id the report will have; `body` holds names and telephones and is sealed.

    Row-level security: only who typed it. `tab` is the window it was last saved from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey("accounts.User", models.CASCADE, db_index=False, related_name="+")
    body = SealedTextField()
    version = models.PositiveIntegerField(default=1)
    tab = models.CharField(max_length=40, blank=True)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("暂存")
        indexes = [models.Index(fields=["owner", "-saved_at"], name="draft_of_owner")]

    def __str__(self) -> str:
        return str(self.pk)
