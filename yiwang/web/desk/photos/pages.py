from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.translation import gettext as _

from yiwang.kernel.cases.models import Case, CasePhoto
from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.errors import Missing
from yiwang.kernel.foundation.files.rules import Size
from yiwang.web.desk.needs import TO_READ_A_CASE
from yiwang.web.kit.access import now, page, signed_in

SIZES = ("full", "thumb")
KEPT_FOR_S = 3600
"""How long the reader's own browser keeps a photo; what it shows never changes, who may see it can."""


@page(TO_READ_A_CASE, methods=("GET", "HEAD"))
def photo(request: HttpRequest, photo_id: int, size: str) -> HttpResponseBase:
    """The bytes of a photo, for a reader of its case; kept by the reader's own browser only.

    Raises:
        Missing: no such photo or size, or the case is not this reader's business.
    """
    visible = Case.objects.visible_to(signed_in(request), at=now(request))
    rows = CasePhoto.objects.filter(pk=photo_id, case__in=visible).select_related("file")
    found = rows.first() if size in SIZES else None
    if found is None:
        raise Missing(_("没有这张照片"))
    tag = f'"{found.file.sha256}-{size}"'
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponseBase = HttpResponseNotModified()
    else:
        opened = files.open_photo(found.file, cast(Size, size))
        answer = FileResponse(opened, content_type=found.file.mime)
    answer["Cache-Control"] = f"private, max-age={KEPT_FOR_S}"
    answer["ETag"] = tag
    return answer
