"""Store, open, publish and clear away photos."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from django.db import models, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Forbidden, Invalid, Missing
from yiwang.kernel.foundation.files import disk, pictures
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.files.rules import MAX_BYTES, MIME, Size, place_of

KEPT_UNUSED = timedelta(days=1)
SWEEP_BATCH = 500


class Readable(Protocol):
    """An uploaded file, or any open binary file."""

    def read(self, size: int = ..., /) -> bytes: ...


def store_photo(stream: Readable, *, by: Actor, at: datetime) -> StoredFile:
    """Check a photo by its content and keep it, upright, at most 2000 pixels long, without EXIF, place or comment.

    Bytes are safe on the disk before the row is written; a transaction that fails leaves bytes that
    `sweep_orphans` clears away.

    Raises:
        Invalid: empty, over 20 MB, over 50 megapixels, not a JPEG/PNG/WebP photo, moving, or damaged.
        NoSpace: the disk is full.
    """
    image = pictures.clean(_read(stream))
    full = pictures.derive(image, "full")
    sha256 = hashlib.sha256(full.content).hexdigest()
    disk.write(place_of(sha256, "full"), full.content)
    disk.write(place_of(sha256, "thumb"), pictures.derive(image, "thumb").content)
    return StoredFile.objects.create(
        sha256=sha256,
        mime=MIME,
        size=len(full.content),
        width=full.width,
        height=full.height,
        uploaded_by_kind=by.actor_kind,
        uploaded_by_id=by.actor_id,
        at=at,
    )


def open_photo(file: StoredFile, size: Size = "full") -> BinaryIO:
    """Open the bytes for reading. Whether the reader may see them is decided before.

    Raises:
        Forbidden: the public size of a photo that is not published.
        Missing: the bytes are gone.
    """
    if size == "public" and not file.is_public:
        raise Forbidden(_("照片没有公开"))
    try:
        return (disk.folder() / place_of(file.sha256, size)).open("rb")
    except FileNotFoundError as error:
        raise Missing(_("找不到照片")) from error


@transaction.atomic
def publish_photo(file: StoredFile, *, by: Actor, at: datetime) -> StoredFile:
    """Let everybody see a smaller picture of it."""
    with open_photo(file) as private:
        picture = pictures.derive(pictures.clean(private.read()), "public")
    disk.write(place_of(file.sha256, "public"), picture.content)
    return _set_published(file, at, "photo_published", by=by, at=at)


@transaction.atomic
def withdraw_photo(file: StoredFile, *, by: Actor, at: datetime) -> StoredFile:
    """Take a published photo back."""
    return _set_published(file, None, "photo_withdrawn", by=by, at=at)


def sweep_orphans(*, at: datetime) -> int:
    """Remove what nobody refers to and is older than a day: rows first, then bytes. Returns how many files went."""
    before = at - KEPT_UNUSED
    _unused(before).delete()
    gone = 0
    for batch in _batches(disk.older_than(before.timestamp())):
        kept = _still_known([path.name.split(".")[0] for path in batch])
        for path in batch:
            if path.suffix == disk.HALF_WRITTEN or path.name.split(".")[0] not in kept:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _read(stream: Readable) -> bytes:
    content = stream.read(MAX_BYTES + 1)
    if not content:
        raise Invalid(_("文件是空的"), field="photo")
    if len(content) > MAX_BYTES:
        raise Invalid(_("照片超过 20 MB，请缩小后再上传"), field="photo")
    return content


def _set_published(
    file: StoredFile, moment: datetime | None, verb: str, *, by: Actor, at: datetime
) -> StoredFile:
    locked = StoredFile.objects.select_for_update().get(pk=file.pk)
    locked.published_at = moment
    locked.save(update_fields=["published_at"])
    audit.record("file", str(locked.pk), verb, by=by, at=at)
    return locked


def _unused(before: datetime) -> models.QuerySet[StoredFile]:
    """Rows that no other table points to."""
    rows = StoredFile.objects.filter(at__lt=before)
    for relation in StoredFile._meta.related_objects:
        rows = rows.filter(**{f"{relation.get_accessor_name()}__isnull": True})
    return rows


def _batches(paths: Iterator[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    for path in paths:
        batch.append(path)
        if len(batch) == SWEEP_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _still_known(names: list[str]) -> set[str]:
    return set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True))
