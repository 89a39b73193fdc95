"""Photos and what else comes from the hand: sent ahead one by one with script, with the form without it; kept through every refusal."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.rules.intake import PHOTOS_AT_MOST
from yiwang.kernel.foundation.errors import Refused
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.files.rules import Kind
from yiwang.web.field.needs import ON_THE_GROUND, TO_CHECK
from yiwang.web.kit import uploads
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.errors import as_json

Ids = tuple[uuid.UUID, ...]


@page((*ON_THE_GROUND, *TO_CHECK), methods=("POST",))
def upload(request: HttpRequest) -> HttpResponse:
    """One photo, film, voice or document ahead of its form: {"id"}, or why it was not taken."""
    try:
        kept = uploads.sent_ahead(request, by=signed_in(request), at=now(request))
    except Refused as refused:
        return as_json(refused)
    return JsonResponse({"id": str(kept)}, status=201)


OTHERS = {Kind.VIDEO: "video", Kind.VOICE: "voice", Kind.DOCUMENT: "documents"}


def others(request: HttpRequest, user: User, at: datetime) -> tuple[dict[Kind, Ids], list[str]]:
    """Return the films, voices and documents of the form, and a sentence for each that was not taken."""
    ids = {kind: _mine(request.POST.getlist(name), user) for kind, name in OTHERS.items()}
    coming = uploads.files_of(request, {kind: f"{name}_files" for kind, name in OTHERS.items()})
    kept, said = uploads.keep_each(coming, by=user, at=at)
    for kind, key in kept:
        ids[kind] += (key,)
    return ids, [sentence for _kind, sentence in said]


def given(request: HttpRequest, name: str, user: User, at: datetime) -> tuple[Ids, list[str]]:
    """Return the photos of one picker, those just sent among them, and a sentence for each that was not taken.

    A photo counts only for the person who sent it.
    """
    ids, said = list(_mine(request.POST.getlist(name), user)), []
    for file in request.FILES.getlist(f"{name}_files")[: PHOTOS_AT_MOST - len(ids)]:
        try:
            ids.append(uploads.keep(file, Kind.PHOTO, by=user, at=at))
        except Refused as refused:
            said.append(str(refused.sentence))
    return tuple(ids), said


def _mine(texts: Iterable[str], user: User) -> Ids:
    asked = uploads.ids_of(texts)
    if not asked:
        return ()
    kept = StoredFile.objects.filter(
        pk__in=asked, uploaded_by_kind="staff", uploaded_by_id=user.pk
    ).values_list("pk", flat=True)
    known = set(kept)
    return tuple(key for key in asked if key in known)[:PHOTOS_AT_MOST]
