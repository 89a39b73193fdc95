"""A stored file as the parts of pages take it: a row with its kind, name, size, how long, and where it is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiwang.kernel.foundation.files import refusals
from yiwang.kernel.foundation.files.models import FAILED, PREPARING, StoredFile
from yiwang.kernel.foundation.files.rules import KINDS, Kind, said_size

ICONS = {
    Kind.PHOTO: "photo",
    Kind.VIDEO: "video",
    Kind.VOICE: "microphone",
    Kind.DOCUMENT: "file-text",
}


@dataclass(frozen=True)
class Attached:
    """`again` is where to ask whether it is ready; `problem` says why it could not be made so."""

    id: int
    kind: str
    icon: str
    name: str
    size: str
    length: str
    url: str
    thumb: str
    again: str
    problem: str
    width: int = 320
    height: int = 180

    @property
    def preparing(self) -> bool:
        return bool(self.again)


def attached(file: StoredFile, id: int, *, url: str, thumb: str, again: str) -> Attached:  # noqa: A002 - as above
    """Describe a file whose bytes are at these addresses."""
    kind = Kind(file.kind)
    return Attached(
        id=id,
        kind=kind.value,
        icon=ICONS[kind],
        name=file.name or _(KINDS[kind].name),
        size=said_size(file.size),
        length=length_of(file.duration_ms),
        url=url,
        thumb=thumb,
        again=again if file.state == PREPARING else "",
        problem=refusals.problem(file.problem) if file.state == FAILED else "",
        width=file.width or 320,
        height=file.height or 180,
    )


def length_of(milliseconds: int | None) -> str:
    """0:07, 2:45; nothing where it does not last."""
    if milliseconds is None:
        return ""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02}"
