"""Writing a report down: a new one, or one that was parked."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases import drafts
from yiwang.kernel.cases.models import Report
from yiwang.kernel.foundation.errors import Missing, Refused
from yiwang.web.desk.case import filing
from yiwang.web.desk.case.moves import put_in, store
from yiwang.web.desk.entry.forms import FIELD_OF, EntryForm
from yiwang.web.desk.entry.slips import slip_of
from yiwang.web.desk.needs import AT_THE_DESK, TO_READ_A_CASE, TO_TAKE_A_REPORT
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.forms import put_refusal
from yiwang.web.kit.fragments import is_fragment, show


@page(TO_TAKE_A_REPORT)
def new(request: HttpRequest) -> HttpResponse:
    """The empty form; a POST takes the report in, once, and shows its slip."""
    if request.method != "POST":
        return _begin(request)
    user, at = signed_in(request), now(request)
    form = EntryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        receipt = _take(request, form, user, at)
    except Refused as refused:
        return _refuse(request, form, refused)
    drafts.drop(form.cleaned_data["id"], by=user)
    if is_fragment(request):
        return slip_of(request, uuid.UUID(receipt.report_id))
    return redirect("desk:slip", receipt.report_id)


def _begin(request: HttpRequest) -> HttpResponse:
    """The empty form, or what was parked as it was left."""
    asked = request.GET.get("draft", "")
    if not asked:
        return _form(request, EntryForm())
    try:
        parked = drafts.resume(uuid.UUID(asked), by=signed_in(request))
    except ValueError as error:
        raise Missing(_("没有这份暂存，或者它已经登记。")) from error
    initial = {**parked.fields, "id": parked.id}
    return _form(request, EntryForm(initial=initial), parked=parked)


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


def _form(
    request: HttpRequest, form: EntryForm, *, parked: drafts.Parked | None = None, status: int = 200
) -> HttpResponse:
    user, at, tab = signed_in(request), now(request), str(uuid.uuid4())
    text, chosen = form["text"].value() or "", form["filing"].value() or ""
    here = str(form["id"].value())
    context: dict[str, object] = {
        "form": form,
        "draft": here,
        "version": parked.version if parked else 0,
        "tab": tab,
        "elsewhere": parked is not None and parked.is_open_elsewhere(tab, at),
        "saved_at": parked.saved_at if parked else None,
        "parked": [] if form.is_bound else [d for d in drafts.parked(user) if str(d.id) != here],
        "groups": filing.groups(text, chosen) if text or chosen else [],
        "chosen": chosen.partition(":")[0],
        "follows": form["follows"].value() or "",
        "simple": True,
        "divisions": reverse("desk:map"),
    }
    return show(request, "desk/new.html", "desk/entry/sheet.html", context, status=status)


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
        {
            "groups": found,
            "simple": simple,
            "asked": given.get("q"),
            "chosen": given.get("filing", "").partition(":")[0],
        },
    )
