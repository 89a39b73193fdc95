"""What is known of a stored file; its bytes lie beneath YIWANG_HOME/files."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.shelf import Kept

READY, PREPARING, FAILED = "ready", "preparing", "failed"


class StoredFile(Kept):
    """One upload: a photo, film, voice or document. Equal uploads share their bytes, not their row.

    Private until a person publishes it. A film or voice is `preparing` until the worker has made one of it that plays
    everywhere; where that fails (`problem` says why) what was sent is still there. `name` is the sender's, made safe.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("类型"), max_length=20, default="photo")
    sha256 = models.CharField(max_length=64, db_index=True, blank=True)
    sent_sha256 = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(_("文件名"), max_length=120, blank=True, default="")
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("字节数"))
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, default=READY)
    problem = models.CharField(max_length=30, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    uploaded_by_kind = models.CharField(max_length=10)
    uploaded_by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(_("上传时间"), db_index=True)
    published_at = models.DateTimeField(_("公开时间"), null=True)

    class Meta:
        verbose_name = _("文件")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def is_ready(self) -> bool:
        return self.state == READY
