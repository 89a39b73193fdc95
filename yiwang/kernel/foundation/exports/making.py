"""Make the file of an export. Runs in the worker; may run twice, late, or be killed half-way: then it begins anew.

No transaction is open for longer than a batch of rows. A worker says every batch that it is alive; one that was silent
too long has lost its export to the next.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM, Actor
from yiwang.kernel.foundation.errors import Forbidden, NoSpace, Refused
from yiwang.kernel.foundation.exports import disk, rules
from yiwang.kernel.foundation.exports.actions import check_may
from yiwang.kernel.foundation.exports.models import Export
from yiwang.kernel.foundation.exports.registry import AT_MOST, Listing, Source, known_source
from yiwang.kernel.foundation.viewer import speaking_as

if TYPE_CHECKING:
    from yiwang.kernel.foundation.exports.book import Book


class Busy(Exception):
    """Another worker is at it, or was a moment ago."""


class Lost(Exception):
    """The export was dropped, or another worker has begun it anew."""


class Stopped(Exception):
    """The worker is to end; the next one begins anew."""


def make(export_id: uuid.UUID, *, stop: Callable[[], bool] = lambda: False) -> None:
    """Make one export, unless it is made.

    Raises:
        Busy: to be tried again in a while. Stopped: the worker is to end.
    """
    run = uuid.uuid4()
    export = _claimed(export_id, run)
    if export is None:
        return
    try:
        with override(export.language):
            _write(export, run, stop)
    except Lost:
        return
    except Stopped:
        _release(export, run)
        raise
    except NoSpace as full:
        _give_up(export, run, str(full.sentence))
    except Refused as refused:
        _give_up(export, run, str(refused.sentence))


def _claimed(export_id: uuid.UUID, run: uuid.UUID) -> Export | None:
    """Take the export for this run, counted before it begins, so that one that kills the worker counts too."""
    with speaking_as(SYSTEM):
        export = Export.objects.select_for_update().filter(pk=export_id).first()
        if export is None or export.state not in rules.UNDER_WAY:
            return None
        at = timezone.now()
        if export.beat_at and export.beat_at > at - rules.SILENT_FOR:
            raise Busy
        if export.attempts >= rules.ATTEMPTS:
            export.state, export.problem = rules.FAILED, _("多次没有做完，已经放弃。")
            export.save(update_fields=["state", "problem"])
            return None
        export.state, export.run, export.beat_at = rules.MAKING, run, at
        export.attempts, export.done, export.total = export.attempts + 1, 0, None
        export.save(update_fields=["state", "run", "beat_at", "attempts", "done", "total"])
    return export


def _write(export: Export, run: uuid.UUID, stop: Callable[[], bool]) -> None:
    source, at = known_source(export.source), timezone.now()
    owner = _owner(export, source, at)
    with speaking_as(owner):
        listing = source.open(owner, at, export.query)
    keys = listing.keys[:AT_MOST]
    _beat(export, run, done=0, total=len(keys), said=listing.said)
    with disk.arriving(run) as part, _book(source, owner, listing, at) as book:
        written = 0
        for begin in range(0, len(keys), rules.BATCH):
            if stop():
                raise Stopped
            batch = keys[begin : begin + rules.BATCH]
            written += _add(book, owner, listing, batch)
            _beat(export, run, done=begin + len(batch))
        book.save(part)
        _finish(export, run, owner, disk.settle(part, export.pk), written)


def _owner(export: Export, source: Source, at: datetime) -> Any:
    """Who asked, if that person still works here and may still open the list.

    Raises:
        Forbidden: otherwise.
    """
    owner = get_user_model().objects.filter(pk=export.owner_id, is_active=True).first()
    if owner is None:
        raise Forbidden(_("您没有权限办理此事"))
    check_may(source, owner, at)
    return owner


@contextmanager
def _book(source: Source, owner: Any, listing: Listing, at: datetime) -> Iterator["Book"]:
    from yiwang.kernel.foundation.exports.book import Book

    zone = timezone.get_default_timezone()
    who = _("%(who)s 导出于 %(when)s") % {
        "who": owner.display_name,
        "when": f"{at.astimezone(zone):%Y-%m-%d %H:%M}",
    }
    notes = [*listing.notes, *([listing.said] if listing.said else []), who]
    if len(listing.keys) > AT_MOST:
        notes.append(_("只含前 %(most)s 行，请缩小范围后再导出其余的。") % {"most": AT_MOST})
    book = Book(str(source.name), notes, listing.columns)
    try:
        yield book
    except BaseException:
        book.drop()
        raise


def _add(book: "Book", owner: Actor, listing: Listing, batch: Sequence[Any]) -> int:
    """Write some rows, each read as the person may see it now; return how many."""
    written, zone = 0, timezone.get_default_timezone()
    with speaking_as(owner):
        for row in listing.rows(batch):
            book.add([rules.cell_of(value, zone) for value in row])
            written += 1
    return written


def _mine(export: Export, run: uuid.UUID) -> Any:
    return Export.objects.filter(pk=export.pk, run=run, state=rules.MAKING)


def _beat(export: Export, run: uuid.UUID, **how_far: object) -> None:
    """Say that this run is alive and how far it is.

    Raises:
        Lost: it is not this run's any more.
    """
    with speaking_as(SYSTEM):
        if not _mine(export, run).update(beat_at=timezone.now(), **how_far):
            raise Lost


def _finish(export: Export, run: uuid.UUID, owner: Actor, size: int, rows: int) -> None:
    """The export is ready, and the record says who took out which list and how many rows.

    Raises:
        Lost: it was dropped meanwhile; its file goes with it.
    """
    at = timezone.now()
    with speaking_as(SYSTEM):
        ready = {"state": rules.READY, "size": size, "done": rows, "ready_at": at}
        if not _mine(export, run).update(**ready):
            if not Export.objects.filter(pk=export.pk).exists():
                disk.remove(export.pk)
            raise Lost
        audit.record(
            "export", str(export.pk), "list_exported", by=owner, at=at,
            facts={"list": export.source, "rows": rows},
            texts={"query": export.query} if export.query else None,
        )  # fmt: skip


def _give_up(export: Export, run: uuid.UUID, why: str) -> None:
    with speaking_as(SYSTEM):
        _mine(export, run).update(state=rules.FAILED, problem=why[:300])


def _release(export: Export, run: uuid.UUID) -> None:
    """Hand it on to the next worker, and do not count this attempt."""
    with speaking_as(SYSTEM):
        _mine(export, run).update(
            state=rules.WAITING, beat_at=None, run=None, attempts=F("attempts") - 1
        )
