"""What is known of a stored file; its bytes lie beneath YIWANG_HOME/files."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """One upload. Equal uploads share their bytes, not their row. Private until a person publishes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("类型"), max_length=20, default="photo")
    sha256 = models.CharField(max_length=64, db_index=True)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("字节数"))
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
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
