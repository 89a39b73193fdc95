"""Photos that came ahead of their report, from somebody without an account."""

import uuid
from collections.abc import Collection

from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.sentences import N_, Sentence


def check_uploaded(photo_ids: Collection[uuid.UUID]) -> None:
    """Refuse a photo that no resident has sent, or that was cleared away since; one query where there are photos.

    Raises:
        Invalid: of the field `photos`.
    """
    if not photo_ids:
        return
    wanted = set(photo_ids)
    known = StoredFile.objects.filter(pk__in=wanted, uploaded_by_kind="resident").count()
    if known != len(wanted):
        raise Invalid(Sentence(N_("有照片没有收到，请重新添加")), field="photos")
