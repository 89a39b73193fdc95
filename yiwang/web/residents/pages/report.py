"""Reporting a matter: one page, one form, useful without script; with script photos and films travel while one types."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

from yiwang.kernel.foundation.errors import Conflict, Invalid, Refused
from yiwang.kernel.foundation.files.rules import KINDS, Kind
from yiwang.web.kit import uploads
from yiwang.web.kit.access import Needs, page
from yiwang.web.kit.errors import as_json
from yiwang.web.kit.forms import put_refusal
from yiwang.web.kit.pace import TooOften
from yiwang.web.kit.templatetags.attachments import file_picker
from yiwang.web.kit.templatetags.kit import photo_picker
from yiwang.web.residents import emergencies, pacing
from yiwang.web.residents.forms import ReportForm
from yiwang.web.residents.frame import show
from yiwang.web.residents.gateway import gateway
from yiwang.web.residents.gateway import messages as m
from yiwang.web.residents.pages.hints import cards, suggested

# Names the kernel gives to what a form calls otherwise.
_FIELDS = {
    "place": "address",
    "category_id": "category",
    "photo": "photos",
    "document": "documents",
    "follows": "",
}


@dataclass
class Draft:
    """What was sent so far: the form, the files already kept, and what the person said about known matters."""

    form: ReportForm
    files: dict[Kind, tuple[uuid.UUID, ...]] = field(default_factory=dict)
    follows: str = ""
    has_seen: bool = False

    @property
    def photo_ids(self) -> tuple[uuid.UUID, ...]:
        return self.files.get(Kind.PHOTO, ())

    @property
    def all_files(self) -> tuple[uuid.UUID, ...]:
        return tuple(key for ids in self.files.values() for key in ids)


# The names of the boxes: what is there already (ids), and what comes with the form (files).
_SENT: Mapping[Kind, str] = {
    Kind.PHOTO: "photos", Kind.VIDEO: "video", Kind.VOICE: "voice", Kind.DOCUMENT: "documents",
}  # fmt: skip
_COMING: Mapping[Kind, str] = {
    Kind.PHOTO: "files", Kind.VIDEO: "video_files", Kind.VOICE: "voice_files",
    Kind.DOCUMENT: "documents_files",
}  # fmt: skip


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
    message = draft.form.message(draft.all_files, draft.follows)
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
    """What was sent. Files are kept at once, so that a mistake elsewhere does not lose them."""
    form = ReportForm(town, request.POST)
    draft = Draft(
        form,
        {
            kind: uploads.ids_of(request.POST.getlist(name))[: KINDS[kind].most]
            for kind, name in _SENT.items()
        },
        request.POST.get("follows", "").strip()[:24],
        "seen" in request.POST,
    )
    for kind, file in uploads.files_of(request, _COMING):
        if len(draft.files[kind]) < KINDS[kind].most:
            _keep(request, draft, kind, file)
    return draft


def _keep(request: HttpRequest, draft: Draft, kind: Kind, file: UploadedFile) -> None:
    try:
        draft.files[kind] += (_upload(request, kind, file, None),)
    except Refused as refused:
        draft.form.add_error(_SENT[kind], str(refused.sentence))


def _upload(
    request: HttpRequest, kind: Kind, file: UploadedFile, key: uuid.UUID | None
) -> uuid.UUID:
    """Keep one file.

    Raises:
        Refused: naming the file; TooOften as it is.
    """
    pacing.count_file(request, file.size or 0)
    head = m.NewFile(id=key, kind=kind.value, name=file.name or "", size=file.size or 0)
    try:
        return gateway().upload(head, file).id
    except Refused as refused:
        raise uploads.named(refused, file) from refused


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
        "picker": photo_picker(upload=reverse("residents:upload")),
        "pickers": [
            file_picker(
                kind,
                _SENT[kind],
                upload=reverse("residents:upload"),
                ids=draft.files.get(kind, ()),
                wrong=draft.form.errors.get(_SENT[kind], ()),
            )
            for kind in (Kind.VIDEO, Kind.VOICE, Kind.DOCUMENT)
        ],
        "has_more": any(
            draft.files.get(kind) or _SENT[kind] in draft.form.errors
            for kind in (Kind.VIDEO, Kind.VOICE, Kind.DOCUMENT)
        ),
        **more,
    }
    return show(request, "residents/report.html", context, status=status)


@page(Needs.PUBLIC, methods=("POST",))
def upload(request: HttpRequest) -> HttpResponse:
    """One file ahead of the form: {"id"}, or why it was not taken."""
    try:
        file, kind = uploads.one_of(request)
    except Invalid as invalid:
        return as_json(invalid)
    kept = _upload(request, kind, file, uploads.key_of(request))
    return JsonResponse({"id": str(kept)}, status=201)
