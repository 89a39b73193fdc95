"""Find the bytes, publish and clear away."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Forbidden, Invalid, Missing
from yiwang.kernel.foundation.files import disk, pictures, refusals
from yiwang.kernel.foundation.files.models import READY, StoredFile
from yiwang.kernel.foundation.files.rules import (
    KINDS,
    NEVER_PUBLIC,
    Kind,
    Size,
    place_of,
    place_of_sent,
)
from yiwang.outside import media

KEPT_UNUSED = timedelta(days=1)
SWEEP_BATCH = 500


def path_of(file: StoredFile, size: Size = "full") -> Path:
    """Where the bytes are. Whether the reader may see them is decided before.

    What could not be made ready is there as it was sent.

    Raises:
        Forbidden: the public size of a file that is not published.
        Missing: the bytes are gone, or not ready yet.
    """
    if size == "public" and not file.is_public:
        raise Forbidden(_("照片没有公开") if file.kind == Kind.PHOTO else _("文件没有公开"))
    path = disk.folder() / _place(file, size)
    if not path.is_file():
        raise Missing(_("找不到照片") if file.kind == Kind.PHOTO else _("找不到文件"))
    return path


def _place(file: StoredFile, size: Size) -> PurePosixPath:
    if not file.is_ready:
        if size != "full":
            raise Missing(_("还在准备，请稍后再看"))
        return place_of_sent(file.pk)
    if size == "public" and not _is_copied(file):
        size = "full"
    return place_of(file.sha256, size, file.mime)


def open_photo(file: StoredFile, size: Size = "full") -> BinaryIO:
    """Open the bytes for reading; the caller closes them.

    Raises:
        Forbidden, Missing: as `path_of`.
    """
    return path_of(file, size).open("rb")


@transaction.atomic
def publish(file: StoredFile, *, by: Actor, at: datetime) -> StoredFile:
    """Let everybody see it: a smaller picture of a photo, a film as it was made, a PDF without what it says of its author.

    Raises:
        Invalid: it is not to be published: a voice, an office file, one that is not ready, or cannot be cleaned.
    """
    kind = Kind(file.kind)
    _refuse_to_publish(file, kind)
    if kind is Kind.PHOTO:
        _copy_photo(file)
    elif file.mime == "application/pdf":
        _copy_pdf(file)
    return _set_published(file, at, "published", by=by, at=at)


@transaction.atomic
def withdraw(file: StoredFile, *, by: Actor, at: datetime) -> StoredFile:
    """Take a published file back."""
    return _set_published(file, None, "withdrawn", by=by, at=at)


def _is_copied(file: StoredFile) -> bool:
    """Whether the public gets other bytes than the staff."""
    return file.mime in ("image/jpeg", "application/pdf")


def _refuse_to_publish(file: StoredFile, kind: Kind) -> None:
    if not KINDS[kind].publishable:
        raise Invalid(_("录音能听出是谁，不能公开"), code="not_publishable")
    if not file.is_ready:
        raise Invalid(_("还没有准备好，请稍后再公开"), code="not_ready")
    if file.mime in NEVER_PUBLIC:
        raise Invalid(
            _("Word、Excel 文件里可能藏有作者和修改记录，不能公开；请另存为 PDF 上传后再公开"),
            code="not_publishable",
        )


def _copy_photo(file: StoredFile) -> None:
    if (disk.folder() / place_of(file.sha256, "public")).is_file():
        return  # of an equal upload
    with open_photo(file) as private:
        picture = pictures.derive(pictures.clean(private.read()), "public")
    disk.write(place_of(file.sha256, "public"), picture.content)


def _copy_pdf(file: StoredFile) -> None:
    with disk.arriving() as stripped:
        try:
            media.ask("strip", path_of(file), stripped)
        except media.Unfit as unfit:
            raise refusals.unfit(Kind.DOCUMENT, unfit.code, unfit.figures) from unfit
        except media.Broken as broken:
            raise refusals.unfit(Kind.DOCUMENT, "hidden", {}) from broken
        disk.settle(stripped, place_of(file.sha256, "public", file.mime))


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


def _set_published(
    file: StoredFile, moment: datetime | None, what: str, *, by: Actor, at: datetime
) -> StoredFile:
    locked = StoredFile.objects.select_for_update().get(pk=file.pk)
    locked.published_at = moment
    locked.save(update_fields=["published_at"])
    audit.record("file", str(locked.pk), f"{file.kind}_{what}", by=by, at=at)
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
    """Names of bytes that a row stands for: by their content, or by the upload that is not ready."""
    known = set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True))
    ids = [UUID(hex=name) for name in names if len(name) == 32 and _is_hex(name)]
    if ids:
        waiting = StoredFile.objects.filter(pk__in=ids).exclude(state=READY)
        known |= {pk.hex for pk in waiting.values_list("pk", flat=True)}
    return known


def _is_hex(name: str) -> bool:
    return all(sign in "0123456789abcdef" for sign in name)
