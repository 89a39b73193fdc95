"""Photos come ahead of what they belong to, and belong to who sent them."""

import uuid
from collections.abc import Collection

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.sentences import N_, Sentence


def check_uploaded(photo_ids: Collection[uuid.UUID], *, by: Actor) -> None:
    """Refuse a photo that this actor has not sent, or that was cleared away since; one query where there are photos.

    Residents have no account: any resident's photo is one of theirs, and its id is 122 random bits.

    Raises:
        Invalid: of the field `photos`.
    """
    if not photo_ids:
        return
    wanted = set(photo_ids)
    sent = StoredFile.objects.filter(
        pk__in=wanted, uploaded_by_kind=by.actor_kind, uploaded_by_id=by.actor_id
    )
    if sent.count() != len(wanted):
        raise Invalid(Sentence(N_("有照片没有收到，请重新添加")), field="photos")
