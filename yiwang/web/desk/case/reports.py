"""What is done to one voice of a case: answer, call back, split off, read who it was; and publishing a photo."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.reading import open_number, read_reporter
from yiwang.kernel.cases.models import CasePhoto, Report
from yiwang.kernel.foundation.errors import Missing, Refused
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk.case.moves import after
from yiwang.web.desk.case.pages import answer
from yiwang.web.desk.case.sight import Sight, fetch
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import is_fragment

Act = Callable[[User, datetime], object]


def _sight_of(request: HttpRequest, report_id: uuid.UUID) -> Sight:
    """The case of a report, if the reader may see it.

    Raises:
        Missing: no such report, or its case is not this reader's business.
    """
    case_id = Report.objects.filter(pk=report_id).values_list("case", flat=True).first()
    if case_id is None:
        raise Missing(_("没有这条诉求"))
    return fetch(signed_in(request), now(request), pk=case_id)


def _do(request: HttpRequest, sight: Sight, act: Act, said: str) -> HttpResponse:
    """Do it and show the case; refused, show the case with the sentence and what was typed."""
    try:
        act(sight.user, sight.at)
    except Refused as refused:
        words = request.POST.get("answer") or request.POST.get("reason") or ""
        fresh = fetch(sight.user, sight.at, pk=sight.case.pk)
        said = str(refused.sentence)
        return answer(request, fresh, said=said, kept=words, status=refused.status)
    messages.success(request, said)
    return after(request, sight)


@page(Permission.REPORT_ANSWER, methods=("POST",))
def answer_one(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    sight, text = _sight_of(request, report_id), request.POST.get("answer", "")
    return _do(
        request, sight, lambda by, at: cases.answer(report_id, text, by=by, at=at), _("已答复")
    )


@page(Permission.REPORT_ANSWER, methods=("POST",))
def answer_all(request: HttpRequest, case_id: int) -> HttpResponse:
    """The same answer to every voice that still waits."""
    sight, text = (
        fetch(signed_in(request), now(request), pk=case_id),
        request.POST.get("answer", ""),
    )
    act: Act = lambda by, at: cases.answer_all(case_id, text, by=by, at=at)  # noqa: E731
    return _do(request, sight, act, _("已全部答复"))


@page(Permission.REPORT_CALL_BACK, methods=("POST",))
def call_back(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Write a call down; a dissatisfied voice reopens the case, says the kernel."""
    given, sight = request.POST, _sight_of(request, report_id)
    rating = given.get("rating", "")
    act: Act = lambda by, at: cases.call_back(  # noqa: E731
        report_id, said=rating, reason=given.get("reason", ""), by=by, at=at
    )
    return _do(request, sight, act, _("已记下回访"))


@page(Permission.CASE_MERGE, methods=("POST",))
def split(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Take one voice out into a case of its own."""
    sight, reason = _sight_of(request, report_id), request.POST.get("reason", "")
    act: Act = lambda by, at: cases.split(report_id, by=by, at=at, reason=reason)  # noqa: E731
    return _do(request, sight, act, _("已拆出，另立案卷"))


@page(Permission.REPORTER_READ, methods=("POST",))
def reveal(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Name and telephone of one voice, for a reason that is kept; never cached."""
    sight = _sight_of(request, report_id)
    try:
        contact = read_reporter(
            report_id, reason=request.POST.get("reason", ""), by=sight.user, at=sight.at
        )
    except Refused as refused:
        if is_fragment(request):
            raise
        return answer(request, sight, said=str(refused.sentence), status=refused.status)
    context = {"contact": contact, "case": sight.case}
    whole = "desk/case/contact_line.html" if is_fragment(request) else "desk/contact.html"
    response = render(request, whole, context)
    response["Cache-Control"] = "no-store"
    return response


@page(Permission.TASK_HANDLE, methods=("POST",))
def call_reporter(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The number of one voice for the handler of the case's work, shown once; the case is the reason, and is kept."""
    sight = _sight_of(request, report_id)
    try:
        contact = open_number(report_id, by=sight.user, at=sight.at)
    except Refused as refused:
        if is_fragment(request):
            raise
        return answer(request, sight, said=str(refused.sentence), status=refused.status)
    context = {"contact": contact, "case": sight.case}
    whole = "desk/case/contact_line.html" if is_fragment(request) else "desk/contact.html"
    response = render(request, whole, context)
    response["Cache-Control"] = "no-store"
    return response


@page(Permission.PHOTO_PUBLISH, methods=("POST",))
def publish(request: HttpRequest, photo_id: int) -> HttpResponse:
    """Let the public see a photo, or take it back."""
    case_id = CasePhoto.objects.filter(pk=photo_id).values_list("case", flat=True).first()
    if case_id is None:
        raise Missing(_("没有这张照片"))
    sight = fetch(signed_in(request), now(request), pk=case_id)
    wanted = request.POST.get("publish") == "yes"
    act: Act = lambda by, at: cases.publish_photo(photo_id, by=by, at=at, publish=wanted)  # noqa: E731
    return _do(request, sight, act, _("照片已公开") if wanted else _("照片已收回"))
