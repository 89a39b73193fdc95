"""Keeping what is being written, and throwing it away. The form itself is `entry`."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yiwang.kernel.cases import drafts
from yiwang.kernel.foundation.errors import Refused, Stale
from yiwang.web.desk.needs import TO_TAKE_A_REPORT
from yiwang.web.kit.access import now, page, signed_in

KEPT = (
    "channel", "kind", "text", "filing", "address", "area", "lon", "lat", "name", "phone",
    "for_whom", "concerned", "follows",
)  # fmt: skip


@page(TO_TAKE_A_REPORT, methods=("POST",))
def park(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Keep the fields; the answer is data: the version now, and a sentence for the foot of the form."""
    given, at = request.POST, now(request)
    seen = given.get("seen", "")
    try:
        version = drafts.park(
            draft_id,
            {name: given[name].replace("\x00", "") for name in KEPT if given.get(name)},
            by=signed_in(request),
            at=at,
            tab=given.get("tab", "")[:40],
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
            over=given.get("over") == "1",
        )
    except Refused as refused:
        said = {"said": str(refused.sentence), "code": refused.code}
        may = {"over": _("以这里写的为准")} if isinstance(refused, Stale) else {}
        return JsonResponse({**said, **may}, status=refused.status)
    words = _("已暂存（照片和文件除外）") if version else ""
    return JsonResponse({"version": version, "said": words})


@page(TO_TAKE_A_REPORT, methods=("POST",))
def remove(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Throw a parked report away."""
    if drafts.drop(draft_id, by=signed_in(request)):
        messages.success(request, _("暂存已删除"))
    return redirect("desk:own")
