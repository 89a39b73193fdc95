"""Photos, films, voices and documents come ahead of what they belong to, and belong to who sent them."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from types import MappingProxyType

from yiwang.kernel.cases.models import CasePhoto
from yiwang.kernel.cases.rules.stages import Channel
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.files.rules import KINDS, Kind
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.organisation.rules import Permission

FIELDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.PHOTO: "photos",
        Kind.VIDEO: "video",
        Kind.VOICE: "voice",
        Kind.DOCUMENT: "documents",
    }
)
TOO_MANY: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.PHOTO: N_("照片最多 %(most)s 张"),
        Kind.VIDEO: N_("视频最多 %(most)s 段"),
        Kind.VOICE: N_("录音最多 %(most)s 段"),
        Kind.DOCUMENT: N_("文件最多 %(most)s 个"),
    }
)
HEARS = frozenset({Permission.REPORTER_READ.value, Permission.CASE_ACCEPT.value})
_FROM_STAFF = frozenset({Channel.GRID_WORKER.value})


def check_uploaded(ids: Collection[uuid.UUID], *, by: Actor) -> None:
    """Refuse what this actor has not sent, what was cleared away since, and more of a kind than the table of kinds
    allows; one query where there is something, none where there is nothing.

    Residents have no account: any resident's file is one of theirs, and its id is 122 random bits.

    Raises:
        Invalid: of the field of the kind.
    """
    if not ids:
        return
    wanted = set(ids)
    sent = StoredFile.objects.filter(
        pk__in=wanted, uploaded_by_kind=by.actor_kind, uploaded_by_id=by.actor_id
    )
    kinds = list(sent.values_list("kind", flat=True))
    if len(kinds) != len(wanted):
        raise Invalid(Sentence(N_("有照片或文件没有收到，请重新添加")), field="photos")
    for name, count in Counter(kinds).items():
        kind, most = Kind(name), KINDS[Kind(name)].most
        if count > most:
            raise Invalid(Sentence(TOO_MANY[kind], {"most": most}), field=FIELDS[kind])


def may_open(attached: CasePhoto, permissions: Collection[str]) -> bool:
    """Whether somebody who reads the case may open this of it.

    A voice or a letter tells who spoke: of a resident's report they are for those who take reports in, and not for
    the unit that does the work or the grid worker who checks it.
    """
    if attached.file.kind in (Kind.PHOTO, Kind.VIDEO) or attached.report is None:
        return True
    return attached.report.channel in _FROM_STAFF or bool(HEARS & set(permissions))
