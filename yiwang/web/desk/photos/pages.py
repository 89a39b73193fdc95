"""The photos, films, voices and documents of a case: their bytes, and whether one is ready to be played."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.kernel.cases.models import Case, CasePhoto
from yiwang.kernel.cases.permissions import person_of
from yiwang.kernel.cases.uploads import may_open
from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.errors import Missing
from yiwang.kernel.foundation.files.rules import MIME, Kind, Size
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk.case.pictures import item_of, other_of
from yiwang.web.desk.needs import TO_READ_A_CASE
from yiwang.web.kit import serving
from yiwang.web.kit.access import now, page, signed_in

SIZES = ("full", "thumb")
KEPT_FOR_S = 3600
"""How long the reader's own browser keeps a file; what it shows never changes, who may see it can."""
AS_SENT = "application/octet-stream"
"""What could not be made ready is handed out as bytes, to be saved and not opened."""


@page(TO_READ_A_CASE, methods=("GET", "HEAD"))
def photo(request: HttpRequest, photo_id: int, size: str) -> HttpResponseBase:
    """The bytes of what is attached to a case, for a reader of the case; kept by the reader's own browser only.

    Raises:
        Missing: no such photo or size, or the case is not this reader's business.
    """
    found = _find(request, photo_id)
    if size not in SIZES or (size == "thumb" and found.file.kind not in (Kind.PHOTO, Kind.VIDEO)):
        raise Missing(_("没有这张照片或文件"))
    file = found.file
    path = files.path_of(file, cast(Size, size))
    mime = MIME if size == "thumb" else file.mime if file.is_ready else AS_SENT
    tag = f"{file.sha256 or file.sent_sha256}-{size}"
    name = file.name or f"{found.pk}.jpg"
    return serving.serve(request, serving.on_disk(path, mime, tag, name), kept_for_s=KEPT_FOR_S)


@page(TO_READ_A_CASE, methods=("GET", "HEAD"))
def item(request: HttpRequest, photo_id: int) -> HttpResponse:
    """One film, voice or document as the strip shows it: asked for again while it is being prepared."""
    found = _find(request, photo_id)
    context: dict[str, object] = {"item": item_of(found)}
    if found.file.kind != Kind.PHOTO and found.file.is_ready and _may_publish(request, found):
        context |= {"other": other_of(found), "oob": True}  # its button comes with it
    return render(request, "desk/case/item.html", context)


def _may_publish(request: HttpRequest, found: CasePhoto) -> bool:
    person = person_of(signed_in(request), found.case, at=now(request))
    return Permission.PHOTO_PUBLISH in person.permissions


def _find(request: HttpRequest, photo_id: int) -> CasePhoto:
    user, at = signed_in(request), now(request)
    visible = Case.objects.visible_to(user, at=at)
    rows = CasePhoto.objects.filter(pk=photo_id, case__in=visible)
    found = rows.select_related("file", "report", "case").first()
    if found is None or not may_open(found, person_of(user, found.case, at=at).permissions):
        raise Missing(_("没有这张照片或文件"))
    return found
