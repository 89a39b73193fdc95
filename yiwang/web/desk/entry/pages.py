"""Writing a report down, and the slip the person takes home."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Report
from yiwang.kernel.foundation.errors import Missing, Refused
from yiwang.kernel.foundation.numbering.rules import grouped_follow_code
from yiwang.web.desk import names
from yiwang.web.desk.case import filing
from yiwang.web.desk.case.moves import put_in, store
from yiwang.web.desk.case.sight import fetch
from yiwang.web.desk.entry.forms import FIELD_OF, EntryForm
from yiwang.web.desk.needs import AT_THE_DESK, TO_READ_A_CASE, TO_TAKE_A_REPORT
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.forms import put_refusal
from yiwang.web.kit.fragments import is_fragment, show


@page(TO_TAKE_A_REPORT)
def new(request: HttpRequest) -> HttpResponse:
    """The empty form; a POST takes the report in, once, and shows its slip."""
    if request.method != "POST":
        return _form(request, EntryForm())
    user, at = signed_in(request), now(request)
    form = EntryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        receipt = _take(request, form, user, at)
    except Refused as refused:
        return _refuse(request, form, refused)
    if is_fragment(request):
        return _slip(request, uuid.UUID(receipt.report_id))
    return redirect("desk:slip", receipt.report_id)


def _take(request: HttpRequest, form: EntryForm, user: User, at: datetime) -> cases.Receipt:
    """Take the report; a repeated one has stored its files before and stores none again."""
    known = Report.objects.filter(pk=form.cleaned_data["id"]).first()
    if known is not None:
        before = known.photos.order_by("id").values_list("file", flat=True)
        return cases.take_report(form.report(tuple(before)), by=user, at=at)
    kept = store(request, form.cleaned_data["photos"] or [], by=user, at=at)
    return cases.take_report(form.report(tuple(kept)), by=user, at=at)


def _refuse(request: HttpRequest, form: EntryForm, refused: Refused) -> HttpResponse:
    """Beside the field. An id that was used for something else is replaced: what stands there now is new."""
    put_refusal(form, refused, FIELD_OF)
    if refused.code == "other_content":
        put_in(form, "id", str(uuid.uuid4()))
        messages.warning(request, _("前一次提交的内容已经收到。再次提交会成为新的诉求。"))
    return _form(request, form, status=refused.status)


def _form(request: HttpRequest, form: EntryForm, status: int = 200) -> HttpResponse:
    text, chosen = form.data.get("text", ""), form.data.get("filing", "")
    context = {
        "form": form,
        "groups": filing.groups(text, chosen) if text or chosen else [],
        "divisions": reverse("desk:map"),
    }
    return show(request, "desk/new.html", "desk/entry/sheet.html", context, status=status)


@page((*TO_TAKE_A_REPORT, *TO_READ_A_CASE), methods=("GET", "HEAD"))
def slip(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The follow code, the number, and what happens next: to be read out or printed."""
    return _slip(request, report_id)


def _slip(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The slip, for whoever took the report.

    Raises:
        Missing: no such report, or somebody else took it.
    """
    report = Report.objects.filter(pk=report_id).first()
    user, at = signed_in(request), now(request)
    if report is None or (report.taken_by_id != user.pk):
        raise Missing(_("没有这条诉求，或者它不是您登记的。"))
    sight = fetch(user, at, pk=report.case_id)
    context: dict[str, object] = {
        "report": report,
        "case": sight.case,
        "code": grouped_follow_code(report.follow_code),
        "area": names.short_area(sight.case.area_path),
        "follow_at": request.get_host(),
    }
    response = show(request, "desk/slip.html", "desk/entry/slip_sheet.html", context)
    if is_fragment(request):
        response["HX-Trigger"] = "yw-moved"
    return response


@page((*TO_TAKE_A_REPORT, *AT_THE_DESK, *TO_READ_A_CASE), methods=("GET", "HEAD"))
def kinds(request: HttpRequest) -> HttpResponse:
    """Kinds of matter that some words may mean, as choices of a form; `q` searches, `text` suggests."""
    given = request.GET
    found = filing.groups(
        given.get("text", "")[:2000], given.get("filing", ""), given.get("q", "")[:60]
    )
    simple = given.get("simple") == "1"
    return render(
        request,
        "desk/case/kinds.html",
        {"groups": found, "simple": simple, "asked": given.get("q")},
    )
