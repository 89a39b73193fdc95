"""Parking a report that is being written down, and going on with it. Nothing here is a report yet."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Draft, Report
from yiwang.kernel.cases.rules.intake import TEXT_AT_MOST, title_of
from yiwang.kernel.foundation.errors import Conflict, Invalid, Missing, Stale
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation.rules import Permission

LASTS = timedelta(days=7)
AT_MOST = 20
"""Parked reports of one person."""
JUST_NOW = timedelta(seconds=20)
"""Saved so lately from another window, it is still being written there."""
WORDS = ("text", "name", "phone", "address", "concerned")
"""Fields in which something stands that would be missed."""


@dataclass(frozen=True)
class Parked:
    """A draft as its owner sees it."""

    id: uuid.UUID
    fields: Mapping[str, str]
    version: int
    tab: str
    saved_at: datetime

    @property
    def title(self) -> str:
        """The first words of it, for the list."""
        text = self.fields.get("text", "")
        return title_of(text) or self.fields.get("address", "")

    def is_open_elsewhere(self, tab: str, at: datetime) -> bool:
        """Say whether another window has saved it a moment ago."""
        return self.tab != tab and at - self.saved_at < JUST_NOW


def park(
    draft_id: uuid.UUID,
    fields: Mapping[str, str],
    *,
    by: User,
    at: datetime,
    tab: str = "",
    seen: int = 0,
    over: bool = False,
) -> int:
    """Keep what is written so far; return its version. Nothing written is nothing kept: version 0.

    Args:
        tab: the window it is written in; seen: the version that window knows.
        over: keep it although another window has changed it meanwhile.

    Raises:
        Conflict: the report was sent already, or too much is parked.
        Stale: another window has changed it.
    """
    body = _body(fields)
    with speaking_as(by):
        _check_may(by, at)
        if Report.objects.filter(pk=draft_id).exists():
            raise Conflict(Sentence(N_("这条诉求已经登记过了。")), code="sent")
        kept = Draft.objects.select_for_update().filter(pk=draft_id, owner=by).first()
        if not any(fields.get(name, "").strip() for name in WORDS):
            if kept is not None and not over and kept.tab == tab:
                kept.delete()
            return 0
        if kept is None:
            return _new(draft_id, body, by, at, tab)
        if kept.tab != tab and kept.version != seen and not over:
            raise Stale(
                Sentence(N_("这份暂存刚在另一个窗口里改过，这里写的没有覆盖它。")),
                current={"version": kept.version},
            )
        kept.body, kept.tab, kept.saved_at, kept.version = body, tab, at, kept.version + 1
        kept.save(update_fields=["body", "tab", "saved_at", "version"])
    return kept.version


def _check_may(by: User, at: datetime) -> None:
    from yiwang.kernel.organisation.permissions import require

    require(by, Permission.REPORT_TAKE, at=at)


def _body(fields: Mapping[str, str]) -> str:
    body = json.dumps(dict(fields), ensure_ascii=False)
    if len(body) > TEXT_AT_MOST * 2:
        raise Invalid(Sentence(N_("文字太长，没有暂存")), field="text")
    return body


def _new(draft_id: uuid.UUID, body: str, by: User, at: datetime, tab: str) -> int:
    if Draft.objects.filter(owner=by).count() >= AT_MOST:
        raise Conflict(Sentence(N_("已经暂存了 %(most)s 份，请先处理几份。"), {"most": AT_MOST}))
    draft = Draft(id=draft_id, owner=by, body=body, tab=tab, begun_at=at, saved_at=at)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as error:
        raise Missing(Sentence(N_("没有这份暂存，或者它已经登记。"))) from error
    return draft.version


def resume(draft_id: uuid.UUID, *, by: User) -> Parked:
    """Return a parked report to go on with.

    Raises:
        Missing: not this person's, sent meanwhile, or too old.
    """
    with speaking_as(by):
        draft = Draft.objects.filter(pk=draft_id, owner=by).first()
    if draft is None:
        raise Missing(Sentence(N_("没有这份暂存，或者它已经登记。")))
    return _parked(draft)


def parked(by: User) -> list[Parked]:
    """Return what a person has parked, the newest first."""
    with speaking_as(by):
        rows = list(Draft.objects.filter(owner=by).order_by("-saved_at")[:AT_MOST])
    return [_parked(draft) for draft in rows]


def drop(draft_id: uuid.UUID, *, by: User) -> bool:
    """Delete a parked report, because it was sent or is not wanted; say whether there was one."""
    with speaking_as(by):
        gone, _each = Draft.objects.filter(pk=draft_id, owner=by).delete()
    return bool(gone)


def end_old(*, at: datetime) -> int:
    """Delete what was parked and not touched for a week; unread: the program cannot see whose or what it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT yiwang_end_drafts(%s)", [at - LASTS])
        (count,) = cursor.fetchone()
    return int(count)


def _parked(draft: Draft) -> Parked:
    fields = {str(name): str(value) for name, value in json.loads(draft.body).items()}
    return Parked(draft.pk, fields, draft.version, draft.tab, draft.saved_at)
