"""What waits for my check: a list, and one page to look, go there, and say passed or not."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.turn import Given
from yiwang.kernel.cases.models import Case, CasePhoto, Report
from yiwang.kernel.cases.permissions import person_of
from yiwang.kernel.cases.rules.moves import REASON_AT_MOST
from yiwang.kernel.cases.uploads import may_open
from yiwang.kernel.foundation.errors import Missing, Refused
from yiwang.kernel.foundation.files.rules import Kind
from yiwang.web.field import ground, photos
from yiwang.web.field.needs import TO_CHECK
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.attached import Attached, attached
from yiwang.web.kit.forms import put_refusal
from yiwang.web.kit.paging import page_of
from yiwang.web.kit.templatetags.kit import photo_picker

CARDS = 20
VERDICTS = ("pass_check", "fail_check")
NAMED_BY_RULE = {
    "deputy": gettext_lazy("规则指定：网格员互查"),
    "community": gettext_lazy("规则指定：社区核查"),
    "desk": gettext_lazy("规则指定：受理台核查"),
    "resident": gettext_lazy("规则指定：等居民本人确认"),
}


class VerdictForm(forms.Form):
    """Passed, or not and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("哪里没有办好"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": REASON_AT_MOST}),
    )
    check = forms.Field(required=False)


@dataclass(frozen=True)
class Card:
    """A case to check as the list shows it."""

    case: Case
    area: str
    kind: str
    before: str
    after: str
    named: object

    @property
    def point(self) -> str:
        """ "lon,lat" for the distance, "" where no place is known."""
        return "" if self.case.lon is None else f"{self.case.lon},{self.case.lat}"


@page(TO_CHECK, methods=("GET", "HEAD"))
def waiting(request: HttpRequest) -> HttpResponse:
    """The oldest first: two queries for the cards."""
    rows = ground.to_check(signed_in(request), now(request)).order_by("opened_at", "id")
    found = page_of(rows, request, by=("opened_at", "id"), size=CARDS)
    context = {"page": found, "cards": _cards(found.rows)}
    return render(request, "field/checks.html", context)


def _cards(rows: list[Case]) -> list[Card]:
    pictures = CasePhoto.objects.filter(case__in=rows, file__kind=Kind.PHOTO).order_by("id")
    first: dict[tuple[int, str], int] = {}
    for case_id, purpose, key in pictures.values_list("case", "purpose", "pk"):
        if purpose == "after":
            first[case_id, purpose] = key
        first.setdefault((case_id, purpose), key)
    return [
        Card(
            case=case,
            area=ground.area_name(case.area_path),
            kind=ground.kind_name(case.category_id),
            before=_thumb(first.get((case.pk, "before"))),
            after=_thumb(first.get((case.pk, "after"))),
            named=NAMED_BY_RULE.get(case.verify_by, ""),
        )
        for case in rows
    ]


def _thumb(photo: int | None) -> str:
    return reverse("photos:photo", args=[photo, "thumb"]) if photo else ""


@page(TO_CHECK, methods=("GET", "HEAD"))
def check(request: HttpRequest, number: str) -> HttpResponse:
    """One case: what was asked, what was done, and the two answers."""
    case = _fetch(signed_in(request), now(request), number=number)
    return _show(request, case, VerdictForm(initial={"version": case.version}))


def _fetch(user: User, at: datetime, **which: object) -> Case:
    """Return a case this person may read.

    Raises:
        Missing: there is none, or it is not this person's business.
    """
    case = Case.objects.visible_to(user, at=at).filter(**which).first()
    if case is None:
        raise Missing(_("没有这件案卷，或者它不在您的职责范围内。"))
    return case


@page(TO_CHECK, methods=("POST",))
def verdict(request: HttpRequest, case_id: int, move: str) -> HttpResponse:
    """Say passed or not. Refused: the case as it is now, with what was typed kept."""
    user, at = signed_in(request), now(request)
    case = _fetch(user, at, pk=case_id)
    if move not in VERDICTS:
        raise Missing(_("没有这一步"))
    form = VerdictForm(request.POST)
    ids, said = photos.given(request, "check", user, at)
    for sentence in said:
        form.add_error("check", sentence)
    if not form.is_valid():
        return _show(request, case, form, ids=ids, failing=move == "fail_check", status=422)
    try:
        _perform(case, move, form, ids, user, at)
    except Refused as refused:
        put_refusal(form, refused, {"photos": "check"})
        fresh = _fetch(user, at, pk=case_id)
        form.data = {**dict(form.data.items()), "version": str(fresh.version)}
        failing = move == "fail_check"
        return _show(request, fresh, form, ids=ids, failing=failing, status=refused.status)
    passed = (
        _("%(number)s：核查通过，已办结") if move == "pass_check" else _("%(number)s：已退回返工")
    )
    messages.success(request, passed % {"number": case.number})
    return redirect("field:checks")


def _perform(
    case: Case, move: str, form: VerdictForm, ids: photos.Ids, user: User, at: datetime
) -> None:
    given = Given(photo_ids=list(ids))
    if move == "fail_check":
        given["reason"] = form.cleaned_data["reason"]
    version = form.cleaned_data["version"]
    cases.perform(case.pk, move, by=user, at=at, version=version, **given)


def _show(
    request: HttpRequest,
    case: Case,
    form: VerdictForm,
    *,
    ids: photos.Ids = (),
    failing: bool = False,
    status: int = 200,
) -> HttpResponse:
    user, at = signed_in(request), now(request)
    given = _attached(case, user, at)
    pictures = [_picture(one) for one in given if one.file.kind == Kind.PHOTO]
    by = {name: [p for p in pictures if p["purpose"] == name] for name in ("before", "after")}
    context = {
        "case": case,
        "form": form,
        "failing": failing,
        "ids": ids,
        "can_check": ground.to_check(user, at).filter(pk=case.pk).exists(),
        "words": Report.objects.filter(case=case).order_by("received_at").first(),
        "area": ground.area_name(case.area_path),
        "kind": ground.kind_name(case.category_id),
        "pair": (by["before"][0], by["after"][-1]) if by["before"] and by["after"] else None,
        "pictures": pictures,
        "others": [_other(one) for one in given if one.file.kind != Kind.PHOTO],
        "point": "" if case.lon is None else f"{case.lon},{case.lat}",
        "check": photo_picker("check", upload=reverse("field:upload"), keep=f"check-{case.pk}"),
    }
    return render(request, "field/check.html", context, status=status)


def _attached(case: Case, user: User, at: datetime) -> list[CasePhoto]:
    """What is attached to the case and this person may open."""
    permissions = person_of(user, case, at=at).permissions
    rows = CasePhoto.objects.filter(case=case).select_related("file", "report").order_by("id")
    return [one for one in rows if may_open(one, permissions)]


def _other(one: CasePhoto) -> Attached:
    url = reverse("photos:photo", args=[one.pk, "full"])
    thumb = _thumb(one.pk) if one.file.kind == Kind.VIDEO else ""
    again = reverse("photos:item", args=[one.pk])
    return attached(one.file, one.pk, url=url, thumb=thumb, again=again)


def _picture(photo: CasePhoto) -> dict[str, str]:
    names = {"before": _("处置前"), "after": _("处置后"), "check": _("核查")}
    name = names[photo.purpose]
    return {
        "purpose": photo.purpose,
        "url": reverse("photos:photo", args=[photo.pk, "full"]),
        "thumb": _thumb(photo.pk),
        "alt": _("%(purpose)s的照片") % {"purpose": name},
        "caption": name,
    }
