"""The page of what is one's own; for htmx its part beside the queues."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yiwang.kernel.cases import drafts, saved_filters
from yiwang.kernel.foundation.errors import Refused
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk.filters.reading import clean, kept_of
from yiwang.web.desk.needs import AT_THE_DESK, TO_TAKE_A_REPORT
from yiwang.web.desk.queues.pages import permissions_of
from yiwang.web.desk.queues.table import queues_for
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import is_fragment, show


@page((*AT_THE_DESK, *TO_TAKE_A_REPORT))
def own(request: HttpRequest) -> HttpResponse:
    """Parked reports and kept filters; a POST keeps the list one looks at under a name."""
    if request.method == "POST":
        return _keep(request)
    return _own(request)


def _keep(request: HttpRequest) -> HttpResponse:
    given, user, at = request.POST, signed_in(request), now(request)
    query, name = clean(given.get("query", "")), given.get("name", "")
    try:
        saved_filters.keep(name, query, share=given.get("share") == "1", by=user, at=at)
    except Refused as refused:
        return _own(request, wrong=str(refused.sentence), typed=name, status=refused.status)
    messages.success(request, _("筛选已保存"))
    return _own(request) if is_fragment(request) else redirect("desk:own")


def _own(
    request: HttpRequest, *, wrong: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    user, at = signed_in(request), now(request)
    held = permissions_of(user, at)
    queues = queues_for(held)
    takes = Permission.REPORT_TAKE in held
    given = request.POST if request.method == "POST" else request.GET
    context: dict[str, object] = {
        "drafts": drafts.parked(user) if takes else [],
        "may_enter": takes,
        "at_desk": not held.isdisjoint(AT_THE_DESK),
        "filters": [kept_of(one, user, at, queues) for one in saved_filters.filters_of(user, at)],
        "query": clean(given.get("query", "")),
        "wrong": wrong,
        "typed": typed,
    }
    return show(request, "desk/own.html", "desk/own/beside.html", context, status=status)


@page(AT_THE_DESK, methods=("POST",))
def change(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Rename, share, move up or delete one's own filter."""
    given, user, at = request.POST, signed_in(request), now(request)
    try:
        if given.get("do") == "drop":
            saved_filters.drop(filter_id, by=user)
        elif given.get("do") == "up":
            saved_filters.move_up(filter_id, by=user)
        else:
            share = given.get("share") == "1"
            saved_filters.change(filter_id, name=given.get("name", ""), share=share, by=user, at=at)
    except Refused as refused:
        return _own(request, wrong=str(refused.sentence), status=refused.status)
    return redirect("desk:own")
