"""Reporting what I saw, and what I settled on the spot: one form, one sending, one matter."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.on_spot import report_solved
from yiwang.kernel.cases.actions.turn import Given
from yiwang.kernel.cases.models import Report
from yiwang.kernel.foundation.errors import Forbidden, Missing, Refused
from yiwang.kernel.foundation.files.rules import Kind
from yiwang.web.field import ground, kinds, photos
from yiwang.web.field.forms import MatterForm
from yiwang.web.field.needs import ON_THE_GROUND
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.forms import put_refusal
from yiwang.web.kit.templatetags.attachments import file_picker
from yiwang.web.kit.templatetags.kit import photo_picker

_FIELDS = {
    "place": "address",
    "category_id": "category",
    "photos": "before",
    "video": "before",
    "voice": "before",
    "documents": "before",
}
_FIELDS_SOLVED = {**_FIELDS, "photos": "after"}


@dataclass
class Draft:
    """What was sent so far. `solved`: it was settled on the spot; `elsewhere`: not on this person's land."""

    form: MatterForm
    solved: bool
    before: photos.Ids = ()
    after: photos.Ids = ()
    others: dict[Kind, photos.Ids] = field(default_factory=dict)
    elsewhere: bool = False
    choices: list[kinds.Choice] = field(default_factory=list)


@page(ON_THE_GROUND)
def report(request: HttpRequest) -> HttpResponse:
    """Report a matter."""
    return _matter(request, solved=False)


@page(ON_THE_GROUND)
def solve(request: HttpRequest) -> HttpResponse:
    """Report a matter that was settled at once: both, or neither."""
    return _matter(request, solved=True)


def _matter(request: HttpRequest, *, solved: bool) -> HttpResponse:
    user, at = signed_in(request), now(request)
    grids = ground.grids_of(user, at)
    if request.method != "POST":
        return _show(request, Draft(MatterForm(grids), solved))
    draft = Draft(MatterForm(grids, request.POST), solved, choices=kinds.choices_for(request))
    _keep_photos(request, draft, user, at)
    if "find" in request.POST:
        return _show(request, draft)
    if not draft.form.is_valid():
        return _show(request, draft, status=422)
    try:
        receipt = _take(draft, user, at)
    except Refused as refused:
        return _refuse(request, draft, refused)
    return redirect("field:sent", receipt.report_id)


def _keep_photos(request: HttpRequest, draft: Draft, user: User, at: datetime) -> None:
    """Keep what was sent at once, so that a mistake elsewhere loses no photo."""
    for name in ("before", "after") if draft.solved else ("before",):
        ids, said = photos.given(request, name, user, at)
        setattr(draft, name, ids)
        for sentence in said:
            draft.form.add_error(name, sentence)
    draft.others, said = photos.others(request, user, at)
    for sentence in said:
        draft.form.add_error("before", sentence)


def _take(draft: Draft, user: User, at: datetime) -> cases.Receipt:
    new = draft.form.report(_photos_of(draft))
    if not draft.solved:
        return cases.take_report(new, by=user, at=at)
    given = Given(note=draft.form.cleaned_data["note"], photo_ids=list(draft.after))
    if draft.form.kind:
        given["category_id"] = draft.form.kind
    return report_solved(new, by=user, at=at, **given)


def _photos_of(draft: Draft) -> photos.Ids:
    """Return the photos of the report; one sent again without script has stored its photos before."""
    known = Report.objects.filter(pk=draft.form.cleaned_data["id"]).first()
    if known is None:
        return (*draft.before, *(key for ids in draft.others.values() for key in ids))
    return tuple(known.photos.order_by("id").values_list("file", flat=True))


def _refuse(request: HttpRequest, draft: Draft, refused: Refused) -> HttpResponse:
    """Beside the field. What is not on my land can still be reported; a used id is replaced."""
    if isinstance(refused, Forbidden) and draft.solved:
        draft.elsewhere = True
        said = _("这个位置不在您的网格内，不能自行处置；可以只上报，由受理台派给责任单位。")
        draft.form.add_error(None, said)
    else:
        put_refusal(draft.form, refused, _FIELDS_SOLVED if draft.solved else _FIELDS)
    renewed = refused.code == "other_content"
    if renewed:
        draft.form.data = {**dict(draft.form.data.items()), "id": str(uuid.uuid4())}
    return _show(request, draft, status=refused.status, renewed=renewed)


def _show(request: HttpRequest, draft: Draft, *, status: int = 200, **more: object) -> HttpResponse:
    upload = reverse("field:upload")
    context = {
        "draft": draft,
        "form": draft.form,
        "before": photo_picker("before", upload=upload, keep="field"),
        "after": photo_picker("after", upload=upload, keep="field-after"),
        "others": [
            file_picker(kind, name, upload=upload, keep="field", ids=draft.others.get(kind, ()))
            for kind, name in photos.OTHERS.items()
        ],
        "query": kinds.query_of(request),
        **more,
    }
    return render(request, "field/report.html", context, status=status)


@page(ON_THE_GROUND, methods=("GET", "HEAD"))
def sent(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """What became of it, and what to do next.

    Raises:
        Missing: not a report of this person.
    """
    user = signed_in(request)
    mine = Report.objects.select_related("case__suggested_unit").filter(taken_by=user)
    found = mine.filter(pk=report_id).first()
    if found is None:
        raise Missing(_("没有这条诉求"))
    context = {"report": found, "case": found.case, "area": ground.area_name(found.case.area_path)}
    return render(request, "field/sent.html", context)
