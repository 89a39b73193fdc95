"""What arrives with a form: stopped at the limit while it arrives, kept through the kernel, refused by name.

`Capped` is the only upload handler. What lies beyond the largest limit of any kind is read and dropped, so that neither
memory nor disk fill and the sender still gets the answer; the file that was too large stands among the others with its
true size and without content.
"""

import errno
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Invalid, NoSpace, Refused
from yiwang.kernel.foundation.files.rules import (
    KINDS,
    LARGEST,
    MB,
    Kind,
    said_name,
    said_size,
)
from yiwang.web.kit import pace
from yiwang.web.kit.pace import Bucket, TooOften

FORM_AT_MOST = 150 * MB
"""Of all files of one form that are kept while it is read."""
READ_AT_MOST = 1024 * MB
"""A longer request is not read to its end: nobody sends that by mistake."""
FULL = {errno.ENOSPC, errno.EDQUOT}


MEGABYTES = Bucket(per_minute=150, burst=600)
"""Of everybody behind one address, in each process: films without end would fill a disk in a day."""


class Dropped(UploadedFile):
    """A file of which nothing was kept; reading it says why."""

    def __init__(self, name: str, size: int, why: Refused) -> None:
        super().__init__(BytesIO(), name, size=size)
        self.why = why

    def read(self, *_: Any) -> bytes:
        raise self.why

    def chunks(self, chunk_size: int | None = None) -> Any:
        raise self.why


class Capped(FileUploadHandler):
    """Keeps each file in memory while it is small and on the disk when it is not, up to the limits."""

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.kept_before = 0
        self.seen = 0
        self.file: Any = BytesIO()
        self.why: Refused | None = None

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.beyond = content_length > READ_AT_MOST

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.beyond:
            raise StopUpload(connection_reset=True)
        self.seen, self.why, self.file = 0, None, BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.seen += len(raw_data)
        if self.why is not None:
            return
        if self.seen > LARGEST or self.kept_before + self.seen > FORM_AT_MOST:
            self._drop(_too_large(self.seen > LARGEST))
            return
        try:
            self._write(raw_data)
        except OSError as error:
            if error.errno not in FULL:
                raise
            self._drop(NoSpace(_("服务器存储空间不足，文件没有保存，请联系管理员")))

    def _write(self, piece: bytes) -> None:
        if isinstance(self.file, BytesIO) and self.seen > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            on_disk = TemporaryUploadedFile(
                self.file_name or "",
                self.content_type or "",
                0,
                self.charset,
                self.content_type_extra,
            )
            on_disk.write(self.file.getvalue())
            self.file = on_disk
        self.file.write(piece)

    def _drop(self, why: Refused) -> None:
        self.why = why
        self.file.close()

    def file_complete(self, file_size: int) -> UploadedFile:
        name = self.file_name or ""
        if self.why is not None:
            return Dropped(name, self.seen, self.why)
        self.kept_before += self.seen
        self.file.seek(0)
        if isinstance(self.file, TemporaryUploadedFile):
            self.file.size = self.seen
            return self.file
        return InMemoryUploadedFile(
            self.file, self.field_name, name, self.content_type or "", self.seen, self.charset,
            self.content_type_extra,
        )  # fmt: skip

    def upload_interrupted(self) -> None:
        self.file.close()


def _too_large(alone: bool) -> Refused:
    """Say the largest limit; who knows the kind of the file says that kind's."""
    if alone:
        return Invalid(_("太大了：最多 %(most)s") % {"most": said_size(LARGEST)}, code="too_large")
    words = {"most": said_size(FORM_AT_MOST)}
    return Invalid(_("一次发的文件一共最多 %(most)s，请分开发") % words, code="too_large")


def weigh(request: HttpRequest, size: int) -> None:
    """Count what a stranger sends by its weight.

    Raises:
        TooOften: with the seconds to wait.
    """
    if settings.YIWANG_INTAKE_PER_MINUTE == 0:
        return
    for _megabyte in range(min(size, LARGEST) // MB):
        if waiting := MEGABYTES.take(pace.address_of(request)):
            raise TooOften(waiting)


def keep(
    file: UploadedFile,
    kind: Kind,
    *,
    by: Actor,
    at: datetime,
    key: uuid.UUID | None = None,
) -> uuid.UUID:
    """Keep one file of a form and return its id.

    Raises:
        Refused: with the name of the file before the reason.
    """
    try:
        return files.store(file, kind, name=file.name or "", id=key, by=by, at=at).pk
    except Refused as refused:
        raise named(refused, file) from refused


def named(refused: Refused, file: UploadedFile) -> Refused:
    """The same refusal, naming the file it is about."""
    said = _("%(file)s：%(why)s") % {"file": said_name(file.name or ""), "why": refused.sentence}
    if isinstance(refused, Invalid | NoSpace):
        return type(refused)(said, field=refused.field, code=refused.code)
    return refused


def sent_ahead(request: HttpRequest, *, by: Actor, at: datetime) -> uuid.UUID:
    """Keep the one file that a page sends ahead of its form (`photo` or `file`, `kind`, `key`).

    Raises:
        Invalid: there is none. Refused: it was not taken.
    """
    return keep(*one_of(request), by=by, at=at, key=key_of(request))


def one_of(request: HttpRequest) -> tuple[UploadedFile, Kind]:
    """Return the file sent ahead and what it is said to be.

    Raises:
        Invalid: there is no file.
    """
    file = request.FILES.get("file") or request.FILES.get("photo")
    if file is None:
        raise Invalid(_("没有收到文件，请重试"), field="photo")
    return file, kind_of(request.POST.get("kind", ""))


def key_of(request: HttpRequest) -> uuid.UUID | None:
    """The id the page made for the file, the same through every retry."""
    with suppress(ValueError):
        return uuid.UUID(request.POST.get("key", ""))
    return None


def kind_of(text: str) -> Kind:
    return Kind(text) if text in KINDS else Kind.PHOTO


def keep_each(
    given: Iterable[tuple[Kind, UploadedFile]], *, by: Actor, at: datetime
) -> tuple[list[tuple[Kind, uuid.UUID]], list[tuple[Kind, str]]]:
    """Keep what can be kept; return the ids, and a sentence for each that was not taken."""
    kept: list[tuple[Kind, uuid.UUID]] = []
    said: list[tuple[Kind, str]] = []
    for kind, file in given:
        try:
            kept.append((kind, keep(file, kind, by=by, at=at)))
        except Refused as refused:
            said.append((kind, str(refused.sentence)))
    return kept, said


def files_of(request: HttpRequest, names: Mapping[Kind, str]) -> list[tuple[Kind, UploadedFile]]:
    """Return what came with the form under these names."""
    return [(kind, file) for kind, name in names.items() for file in request.FILES.getlist(name)]


def ids_of(texts: Iterable[str]) -> tuple[uuid.UUID, ...]:
    """Read ids; what is none is left out, and each is there once."""
    found: list[uuid.UUID] = []
    for text in texts:
        with suppress(ValueError):
            found.append(uuid.UUID(text))
    return tuple(dict.fromkeys(found))
