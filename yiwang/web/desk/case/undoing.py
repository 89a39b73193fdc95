"""The address behind the bar of ten seconds: POST /cases/<id>/undo/."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.cases.actions import undoing
from yiwang.kernel.foundation.errors import Missing, Refused
from yiwang.web.desk.case.pages import answer
from yiwang.web.desk.case.sight import fetch
from yiwang.web.desk.case.undo_bar import Bar
from yiwang.web.desk.needs import TO_READ_A_CASE
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go, is_fragment


def put_beside(request: HttpRequest, response: HttpResponse, bar: Bar | None) -> HttpResponse:
    """Add the bar to a fragment, or take away the one of the move before."""
    drawn = render_to_string("desk/live/undo_beside.html", {"undo": bar}, request)
    response.content = response.content + drawn.encode()
    return response


@page(TO_READ_A_CASE, methods=("POST",))
def undo(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take the last move back; too late, the case as it is with the sentence why not."""
    user, at = signed_in(request), now(request)
    said, status = "", 200
    try:
        case = undoing.undo(case_id, by=user, at=at)
    except Refused as refused:
        said, status = str(refused.sentence), refused.status
    else:
        messages.success(request, _("%(number)s：已撤销") % {"number": case.number})
    try:
        sight = fetch(user, at, pk=case_id)
    except Missing:
        if status == 200:
            return go(request, reverse("signin:home"))
        raise
    if status == 200 and not is_fragment(request):
        return go(request, f"/cases/{sight.case.number}/")
    response = answer(request, sight, said=said, status=status)
    if is_fragment(request):
        response["HX-Trigger"] = "yw-moved"
        put_beside(request, response, None)
    return response
