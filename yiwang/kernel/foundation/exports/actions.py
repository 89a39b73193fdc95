"""Asking for an export, its file, and its end."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.kernel.foundation import permits
from yiwang.kernel.foundation.actors import SYSTEM, Actor
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Missing
from yiwang.kernel.foundation.exports import disk, rules
from yiwang.kernel.foundation.exports.models import Export
from yiwang.kernel.foundation.exports.registry import Source, known_source
from yiwang.kernel.foundation.viewer import speaking_as

QUERY_AT_MOST = 2_000


def ask(source: str, query: str, *, by: Actor, at: datetime) -> Export:
    """Ask for a list as Excel; the same one that is under way already is not made twice.

    Raises:
        Missing: no such list. Forbidden: the person may not open it. Conflict: too many at once.
    """
    found, clean = known_source(source), query.replace("\x00", "")[:QUERY_AT_MOST]
    check_may(found, by, at)
    with speaking_as(by):
        running = list(_under_way(by))
        for export in running:
            if export.source == source and export.query == clean:
                return export
        if len(running) >= rules.AT_ONCE:
            raise Conflict(
                _("已经有 %(count)s 个导出在进行，请等其中一个完成。") % {"count": len(running)}
            )
        export = Export(
            owner_id=_key(by),
            source=source,
            query=clean,
            language=get_language() or "zh-hans",
            asked_at=at,
        )
        export.save(force_insert=True)
        _enqueue(export)
    return export


def _key(by: Actor) -> int:
    """The id of a member of staff; nobody else has exports.

    Raises:
        Forbidden: for a resident and for the program itself.
    """
    if by.actor_id is None:
        raise Forbidden(_("您没有权限办理此事"))
    return by.actor_id


def _under_way(by: Actor) -> "QuerySet[Export]":
    """The person's exports under way, held until this one is decided, so that a double click is one export."""
    return Export.objects.select_for_update().filter(owner_id=_key(by), state__in=rules.UNDER_WAY)


def check_may(source: Source, by: Actor, at: datetime) -> None:
    """Do nothing for who may open the list.

    Raises:
        Forbidden: for everybody else.
    """
    for number, permission in enumerate(source.needs, start=1):
        try:
            permits.require(by, permission, at=at)
        except Forbidden:
            if number == len(source.needs):
                raise
        else:
            return


def _enqueue(export: Export) -> None:
    from yiwang.kernel.foundation.tasks import make_export

    make_export.defer(export_id=str(export.pk))


def own(by: Actor) -> "QuerySet[Export]":
    """The exports of a person, the newest first."""
    return Export.objects.filter(owner_id=_key(by)).order_by("-asked_at", "-pk")


def ask_again(export_id: uuid.UUID, *, by: Actor, at: datetime) -> Export:
    """Ask for the same list once more, as it is now.

    Raises:
        Missing: no such export of this person.
    """
    before = _own_one(export_id, by)
    return ask(before.source, before.query, by=by, at=at)


def file_of(export_id: uuid.UUID, *, by: Actor, at: datetime) -> tuple[Export, Path]:
    """Return a finished export and where its file lies.

    Raises:
        Missing: not this person's, not ready, or gone. Forbidden: the person may no longer open that list.
    """
    export = _own_one(export_id, by)
    check_may(known_source(export.source), by, at)
    path = disk.place_of(export.pk)
    if export.state != rules.READY or is_over(export, at) or not path.is_file():
        raise Missing(_("文件已经过期或还没有做好，请重新导出。"))
    return export, path


def is_over(export: Export, at: datetime) -> bool:
    """Say whether the week is over; the task that removes the file may come a little later."""
    return export.asked_at + rules.LASTS <= at


def drop(export_id: uuid.UUID, *, by: Actor) -> None:
    """Delete an export and its file; what is in the making is not finished.

    Raises:
        Missing: no such export of this person.
    """
    with speaking_as(by):
        export = _own_one(export_id, by)
        key = export.pk
        export.delete()
        transaction.on_commit(lambda: disk.remove(key))


def _own_one(export_id: uuid.UUID, by: Actor) -> Export:
    with speaking_as(by):
        export = own(by).filter(pk=export_id).first()
    if export is None:
        raise Missing(_("没有这个导出，或者它不是您的。"))
    return export


def expire(*, at: datetime) -> int:
    """Remove the files whose week is over, and what belongs to no export; return how many exports ended.

    What is under way and was forgotten by the queue is put on it again. A row stays for four weeks more, to be asked for again.
    """
    with speaking_as(SYSTEM):
        over = Export.objects.filter(asked_at__lte=at - rules.LASTS).exclude(state=rules.EXPIRED)
        keys = list(over.values_list("pk", flat=True))
        Export.objects.filter(pk__in=keys).update(state=rules.EXPIRED)
        Export.objects.filter(asked_at__lte=at - rules.LASTS * 5).delete()
        ready = Export.objects.filter(state=rules.READY).values_list("pk", flat=True)
        kept = {disk.place_of(key).name for key in ready}
        lost = Export.objects.filter(
            state__in=rules.UNDER_WAY, asked_at__lt=at - timedelta(hours=1)
        )
        for export in lost:
            _enqueue(export)
    for key in keys:
        disk.remove(key)
    for path in disk.strays(kept, (at - timedelta(hours=6)).timestamp()):
        path.unlink(missing_ok=True)
    return len(keys)
