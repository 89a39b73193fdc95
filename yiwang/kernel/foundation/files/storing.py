"""Take a file in: check it by its content, keep its bytes on the disk, write its row."""

import hashlib
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import IntegrityError, transaction

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Conflict
from yiwang.kernel.foundation.files import disk, pictures, refusals
from yiwang.kernel.foundation.files.models import PREPARING, StoredFile
from yiwang.kernel.foundation.files.rules import (
    KINDS,
    MIME,
    MIMES,
    Kind,
    place_of,
    place_of_sent,
    safe_name,
)
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.outside import media

CHUNK = 1024 * 1024
_LOOKS: dict[Kind, media.apart.Work] = {
    Kind.VIDEO: "look_video",
    Kind.VOICE: "look_voice",
    Kind.DOCUMENT: "look_document",
}
_PREPARED = {Kind.VIDEO: "video/mp4", Kind.VOICE: "audio/mp4"}


class Readable(Protocol):
    """An uploaded file, or any open binary file."""

    def read(self, size: int = ..., /) -> bytes: ...


def store(
    stream: Readable,
    kind: Kind,
    *,
    name: str = "",
    id: uuid.UUID | None = None,  # noqa: A002 - the name of the field
    by: Actor,
    at: datetime,
) -> StoredFile:
    """Keep a photo, film, voice or document. The same id with the same bytes from the same hand is the same file.

    A film or voice is made ready by the worker afterwards; the row says so.

    Raises:
        Invalid: empty, too large, too long, of another kind, or damaged; `field` is the kind.
        Conflict: the id was used for other bytes. NoSpace: the disk is full.
    """
    if kind is Kind.PHOTO:
        return store_photo(stream, name=name, id=id, by=by, at=at)
    _refuse_large(stream, kind)
    disk.keep_room()
    with disk.arriving() as place:
        size, sent = _copy(stream, kind, place)
        if known := _known(id, sent, kind, by):
            return known
        found = _look(place, kind)
        row = _row(kind, size, sent, found, name, by, at)
        row.id = id or row.id
        disk.settle(
            place, place_of(sent, "full", row.mime) if row.sha256 else place_of_sent(row.id)
        )
        return _write(row, sent, by, is_named=id is not None)


def store_photo(
    stream: Readable,
    *,
    name: str = "",
    id: uuid.UUID | None = None,  # noqa: A002 - the name of the field
    by: Actor,
    at: datetime,
) -> StoredFile:
    """Check a photo by its content and keep it, upright, at most 2000 pixels long, without EXIF, place or comment.

    Bytes are safe on the disk before the row is written; a transaction that fails leaves bytes that
    `sweep_orphans` clears away.

    Raises:
        Invalid: empty, over 20 MB, over 50 megapixels, not a JPEG/PNG/WebP photo, moving, or damaged.
        Conflict: the id was used for another photo. NoSpace: the disk is full.
    """
    content = _read(stream)
    sent = hashlib.sha256(content).hexdigest()
    if known := _known(id, sent, Kind.PHOTO, by):
        return known
    image = pictures.clean(content)
    del content
    full = pictures.derive(image, "full")
    sha256 = hashlib.sha256(full.content).hexdigest()
    disk.write(place_of(sha256, "full"), full.content)
    disk.write(place_of(sha256, "thumb"), pictures.derive(image, "thumb").content)
    row = StoredFile(
        sha256=sha256,
        sent_sha256=sent,
        name=safe_name(name, "jpg") if name else "",
        mime=MIME,
        size=len(full.content),
        width=full.width,
        height=full.height,
        uploaded_by_kind=by.actor_kind,
        uploaded_by_id=by.actor_id,
        at=at,
    )
    row.id = id or row.id
    return _write(row, sent, by, is_named=id is not None)


def store_same(file: StoredFile, *, by: Actor, at: datetime) -> StoredFile:
    """Keep an equal upload of another hand: its own row, the bytes that are there already."""
    told = {
        field.attname: getattr(file, field.attname)
        for field in StoredFile._meta.concrete_fields
        if field.attname not in ("id", "published_at")
    }
    told |= {"uploaded_by_kind": by.actor_kind, "uploaded_by_id": by.actor_id, "at": at}
    row = StoredFile(**told)
    row.save(force_insert=True)
    return row


def _read(stream: Readable) -> bytes:
    """The whole of a photo; nothing else is ever held in memory."""
    _refuse_large(stream, Kind.PHOTO)
    most = KINDS[Kind.PHOTO].max_bytes
    content = stream.read(most + 1)
    if not content:
        raise refusals.empty(Kind.PHOTO)
    if len(content) > most:
        raise refusals.too_large(Kind.PHOTO, None)
    return content


def _refuse_large(stream: Readable, kind: Kind) -> None:
    size = getattr(stream, "size", None)
    if isinstance(size, int) and size > KINDS[kind].max_bytes:
        raise refusals.too_large(kind, size)


def _copy(stream: Readable, kind: Kind, place: Path) -> tuple[int, str]:
    """Write what is sent to the disk in pieces; return its size and SHA-256."""
    digest, size = hashlib.sha256(), 0
    with disk.saying_when_full(), place.open("wb") as file:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > KINDS[kind].max_bytes:
                raise refusals.too_large(kind, None)
            digest.update(piece)
            file.write(piece)
    if not size:
        raise refusals.empty(kind)
    return size, digest.hexdigest()


def _look(place: Path, kind: Kind) -> dict[str, Any]:
    try:
        return media.ask(_LOOKS[kind], place)
    except media.Unfit as unfit:
        raise refusals.unfit(kind, unfit.code, unfit.figures) from unfit
    except media.Broken as broken:
        raise refusals.unfit(kind, "damaged", {}) from broken


def _row(
    kind: Kind, size: int, sent: str, found: dict[str, Any], name: str, by: Actor, at: datetime
) -> StoredFile:
    row = StoredFile(
        kind=kind.value, sent_sha256=sent, size=size, uploaded_by_kind=by.actor_kind,
        uploaded_by_id=by.actor_id, at=at,
    )  # fmt: skip
    if kind is Kind.DOCUMENT:
        row.sha256, row.mime, row.name = sent, MIMES[found["type"]], safe_name(name, found["type"])
        return row
    row.state, row.mime = PREPARING, _PREPARED[kind]
    row.name = safe_name(name, "mp4" if kind is Kind.VIDEO else "m4a")
    row.duration_ms = round(found["seconds"] * 1000)
    row.width, row.height = found["width"], found["height"]
    return row


def _write(row: StoredFile, sent: str, by: Actor, *, is_named: bool) -> StoredFile:
    """Write the row, and put what must be prepared on the queue with it."""
    from yiwang.kernel.foundation.tasks import prepare_file

    if row.state != PREPARING and not is_named:
        row.save(force_insert=True)
        return row
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            if row.state == PREPARING:
                prepare_file.defer(file_id=str(row.id))
    except IntegrityError:
        # The same upload twice at once: the other one was faster.
        known = _known(row.id, sent, Kind(row.kind), by)
        if known is None:
            raise
        return known
    return row


def _known(id: uuid.UUID | None, sent: str, kind: Kind, by: Actor) -> StoredFile | None:  # noqa: A002 - as above
    """Return the file sent before under this id.

    Raises:
        Conflict: other bytes, or another hand's.
    """
    found = StoredFile.objects.filter(pk=id).first() if id else None
    if found is None:
        return None
    same = (found.sent_sha256, found.kind) == (sent, kind.value)
    if not same or (found.uploaded_by_kind, found.uploaded_by_id) != (by.actor_kind, by.actor_id):
        raise Conflict(
            Sentence(N_("这个编号已经用于另一个文件，请重新选择文件")),
            field=kind.value,
            code="other_content",
        )
    return found
