"""Reporting a matter: one page, one form, useful without script; with script photos travel while one types."""

import json
import uuid
from contextlib import suppress
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

from yiwang.kernel.foundation.errors import Conflict, Invalid, Refused
from yiwang.web.kit.access import Needs, page
from yiwang.web.kit.errors import as_json
from yiwang.web.kit.forms import put_refusal
from yiwang.web.kit.pace import TooOften
from yiwang.web.kit.templatetags.kit import photo_picker
from yiwang.web.residents import emergencies, pacing
from yiwang.web.residents.forms import PHOTOS_AT_MOST, ReportForm
from yiwang.web.residents.frame import show
from yiwang.web.residents.gateway import gateway
from yiwang.web.residents.gateway import messages as m
from yiwang.web.residents.pages.hints import cards, suggested

# Names the kernel gives to what a form calls otherwise.
_FIELDS = {"place": "address", "category_id": "category", "photos": "", "photo": "", "follows": ""}


@dataclass
class Draft:
    """What was sent so far: the form, the photos already kept, and what the person said about known matters."""

    form: ReportForm
    photo_ids: tuple[uuid.UUID, ...] = ()
    follows: str = ""
    has_seen: bool = False


@ensure_csrf_cookie
@page(Needs.PUBLIC)
def report(request: HttpRequest) -> HttpResponse:
    """The form; a sent one becomes a report, or comes back with everything that was typed."""
    town = gateway().town(m.AskTown())
    if request.method != "POST":
        return _show(request, Draft(ReportForm(town, initial={"id": uuid.uuid4()})))
    draft = _read(request, town)
    if not draft.form.is_valid():
        return _show(request, draft, status=422)
    try:
        pacing.check_intake(request, _right_sum(request))
    except TooOften as busy:
        return _slow_down(request, draft, busy)
    known = [] if draft.follows or draft.has_seen else cards(draft.form.point(), _likely(draft))
    if known:
        return _show(request, draft, cards=known, asked=True)
    return _take(request, draft)


def _take(request: HttpRequest, draft: Draft) -> HttpResponse:
    message = draft.form.message(draft.photo_ids, draft.follows)
    try:
        taken = gateway().take(message)
    except Conflict as conflict:
        return _as_new(request, draft, conflict)
    except Invalid as invalid:
        put_refusal(draft.form, invalid, _FIELDS)
        return _show(request, draft, status=invalid.status)
    if not taken.repeated:
        pacing.count_intake(request)
    address = reverse("residents:sent", args=[taken.follow_code])
    urgent = emergencies.is_emergency(message.text)
    return redirect(f"{address}?call=1" if urgent else address)


def _read(request: HttpRequest, town: m.Town) -> Draft:
    """What was sent. Photos are kept at once, so that a mistake elsewhere does not lose them."""
    form = ReportForm(town, request.POST)
    draft = Draft(
        form,
        _ids(request.POST.getlist("photos"))[:PHOTOS_AT_MOST],
        request.POST.get("follows", "").strip()[:24],
        "seen" in request.POST,
    )
    for file in request.FILES.getlist("files")[: PHOTOS_AT_MOST - len(draft.photo_ids)]:
        try:
            pacing.count_photo(request)
            kept = gateway().upload_photo(m.NewPhoto(content=file.read()))
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            draft.photo_ids += (kept.id,)
    return draft


def _ids(texts: list[str]) -> tuple[uuid.UUID, ...]:
    found: list[uuid.UUID] = []
    for text in texts:
        with suppress(ValueError):
            found.append(uuid.UUID(text))
    return tuple(dict.fromkeys(found))


def _likely(draft: Draft) -> int | None:
    """The kind chosen, or the one the words mean."""
    chosen: int | None = draft.form.cleaned_data["category"]
    if chosen is not None:
        return chosen
    guessed = suggested(draft.form.cleaned_data["text"])
    return guessed[0].id if guessed else None


def _right_sum(request: HttpRequest) -> bool:
    return pacing.is_right(request.POST.get("sum", ""), request.POST.get("answer", ""))


def _slow_down(request: HttpRequest, draft: Draft, busy: TooOften) -> HttpResponse:
    """Everything typed is still there; the page says when to go on, or asks a small sum."""
    asked = pacing.new_sum() if isinstance(busy, pacing.AskSum) else None
    response = _show(request, draft, status=busy.status, busy=busy, sum=asked)
    response["Retry-After"] = str(busy.wait)
    return response


def _as_new(request: HttpRequest, draft: Draft, conflict: Conflict) -> HttpResponse:
    """The id was used for other words (a page sent once and changed): offer what is here as a report of its own."""
    draft.form.data = {**dict(draft.form.data.items()), "id": str(uuid.uuid4())}
    sentence = _("刚才的那份已经收到。现在这份内容不同，如果是另一件事，请再点一次提交。")
    other = conflict.code == "other_content"
    draft.form.add_error(None, sentence if other else str(conflict.sentence))
    return _show(request, draft, status=conflict.status, renewed=True)


def _show(request: HttpRequest, draft: Draft, *, status: int = 200, **more: object) -> HttpResponse:
    context: dict[str, object] = {
        "form": draft.form,
        "draft": draft,
        "calls": emergencies.calls(),
        "call_words_json": json.dumps(emergencies.all_words(), ensure_ascii=False),
        "picker": photo_picker(most=PHOTOS_AT_MOST, upload=reverse("residents:upload")),
        **more,
    }
    return show(request, "residents/report.html", context, status=status)


@page(Needs.PUBLIC, methods=("POST",))
def upload(request: HttpRequest) -> HttpResponse:
    """One photo ahead of the form: {"id"}, or why it was not taken."""
    file = request.FILES.get("photo")
    if file is None:
        return as_json(Invalid(_("没有收到照片，请重试"), field="photo"))
    pacing.count_photo(request)
    kept = gateway().upload_photo(m.NewPhoto(content=file.read()))
    return JsonResponse({"id": str(kept.id)}, status=201)
