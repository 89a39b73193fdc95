"""Make a film or voice that plays everywhere out of what was sent. Runs in the worker; may run twice, makes it once."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from yiwang.kernel.foundation.files import disk
from yiwang.kernel.foundation.files.models import FAILED, PREPARING, READY, StoredFile
from yiwang.kernel.foundation.files.rules import Kind, place_of, place_of_sent
from yiwang.outside import media

ATTEMPTS = 3
"""A file that brings the converter down so often is given up; what was sent stays."""
SECONDS = {Kind.VIDEO: 900, Kind.VOICE: 120}
LOST_AFTER = timedelta(minutes=5)


def prepare(file_id: uuid.UUID, *, stop: Callable[[], bool] = lambda: False) -> None:
    """Make one file ready, unless it is, or another worker is at it.

    Raises:
        Stopped: the worker is to end; the next one begins anew.
    """
    if not _counted(file_id):
        return
    with transaction.atomic():
        file = _locked(file_id)
        if file is None:
            return
        try:
            _make(file, stop)
        except media.Unfit as unfit:
            _give_up(file, unfit.code)
        except media.Broken:
            if file.attempts < ATTEMPTS:
                raise
            _give_up(file, "gave_up")


def waiting(*, at: datetime) -> list[uuid.UUID]:
    """Files that wait longer than the queue should take: the job that was to prepare them is gone."""
    rows = StoredFile.objects.filter(state=PREPARING, at__lt=at - LOST_AFTER).order_by("at")
    return list(rows.values_list("pk", flat=True)[:100])


def _counted(file_id: uuid.UUID) -> bool:
    """Count the attempt before it begins, so that one that kills the worker counts too."""
    with transaction.atomic():
        file = _locked(file_id)
        if file is None:
            return False
        if file.attempts >= ATTEMPTS:
            _give_up(file, "gave_up")
            return False
        file.attempts += 1
        file.save(update_fields=["attempts"])
    return True


def _locked(file_id: uuid.UUID) -> StoredFile | None:
    """Lock the row without keeping reports from pointing to it; None where another worker has it."""
    rows = StoredFile.objects.select_for_update(skip_locked=True, no_key=True)
    return rows.filter(pk=file_id, state=PREPARING).first()


def _make(file: StoredFile, stop: Callable[[], bool]) -> None:
    kind, source = Kind(file.kind), disk.folder() / place_of_sent(file.pk)
    if not source.exists():
        _give_up(file, "damaged")
        return
    with disk.arriving() as made, disk.arriving() as thumb:
        if kind is Kind.VIDEO:
            found = media.ask("video", source, made, thumb, seconds=SECONDS[kind], stop=stop)
        else:
            found = media.ask("voice", source, made, seconds=SECONDS[kind], stop=stop)
        _adopt(file, found, made, thumb if kind is Kind.VIDEO else None)
    transaction.on_commit(lambda: disk.remove(place_of_sent(file.pk)))


def _adopt(file: StoredFile, found: dict[str, Any], made: Path, thumb: Path | None) -> None:
    with made.open("rb") as content:
        file.sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    file.size = made.stat().st_size
    file.duration_ms = round(found["seconds"] * 1000)
    file.width, file.height = found.get("width", 0), found.get("height", 0)
    file.state = READY
    disk.settle(made, place_of(file.sha256, "full", file.mime))
    if thumb is not None:
        disk.settle(thumb, place_of(file.sha256, "thumb", file.mime))
    file.save()


def _give_up(file: StoredFile, code: str) -> None:
    file.state, file.problem = FAILED, code
    file.save(update_fields=["state", "problem"])
