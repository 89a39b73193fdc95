"""Photos from the hand: sent ahead one by one with script, with the form without it; kept through every refusal."""

import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.rules.intake import PHOTOS_AT_MOST
from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.errors import Invalid, Refused
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.web.field.needs import ON_THE_GROUND, TO_CHECK
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.errors import as_json

Ids = tuple[uuid.UUID, ...]


@page((*ON_THE_GROUND, *TO_CHECK), methods=("POST",))
def upload(request: HttpRequest) -> HttpResponse:
    """One photo ahead of its form: {"id"}, or why it was not taken."""
    file = request.FILES.get("photo")
    if file is None:
        return as_json(Invalid(_("没有收到照片，请重试"), field="photo"))
    try:
        kept = files.store_photo(file, by=signed_in(request), at=now(request))
    except Refused as refused:
        return as_json(refused)
    return JsonResponse({"id": str(kept.pk)}, status=201)


def given(request: HttpRequest, name: str, user: User, at: datetime) -> tuple[Ids, list[str]]:
    """Return the photos of one picker, those just sent among them, and a sentence for each that was not taken.

    A photo counts only for the person who sent it.
    """
    ids, said = list(_mine(request.POST.getlist(name), user)), []
    for file in request.FILES.getlist(f"{name}_files")[: PHOTOS_AT_MOST - len(ids)]:
        try:
            ids.append(files.store_photo(file, by=user, at=at).pk)
        except Refused as refused:
            said.append(_("%(file)s：%(why)s") % {"file": file.name, "why": refused.sentence})
    return tuple(ids), said


def _mine(texts: Iterable[str], user: User) -> Ids:
    asked: list[uuid.UUID] = []
    for text in texts:
        with suppress(ValueError):
            asked.append(uuid.UUID(text))
    if not asked:
        return ()
    kept = StoredFile.objects.filter(
        pk__in=asked, uploaded_by_kind="staff", uploaded_by_id=user.pk
    ).values_list("pk", flat=True)
    known = set(kept)
    return tuple(dict.fromkeys(key for key in asked if key in known))[:PHOTOS_AT_MOST]
