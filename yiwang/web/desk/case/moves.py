"""The one address of every move: POST /cases/<id>/moves/<move>/."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.actions.undoing import perform_with_undo
from yiwang.kernel.cases.rules.moves import BY_NAME
from yiwang.kernel.foundation.errors import Missing, Refused
from yiwang.kernel.foundation.files.rules import Kind
from yiwang.web.desk.case.deeds import choices_for
from yiwang.web.desk.case.forms import BESIDE_PHOTOS, FIELD_OF, MoveForm
from yiwang.web.desk.case.pages import answer
from yiwang.web.desk.case.sight import Sight, fetch
from yiwang.web.desk.case.undo_bar import bar_of
from yiwang.web.desk.case.undoing import put_beside
from yiwang.web.desk.needs import TO_READ_A_CASE
from yiwang.web.kit import uploads
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.forms import put_refusal
from yiwang.web.kit.fragments import go, is_fragment


@page(TO_READ_A_CASE, methods=("POST",))
def move(request: HttpRequest, case_id: int, move: str) -> HttpResponse:
    """Make a move. Refused: the case as it is now, with the sentence where it belongs and what was typed kept."""
    user, at = signed_in(request), now(request)
    sight = fetch(user, at, pk=case_id)
    if move not in BY_NAME:
        raise Missing(_("没有这一步"))
    form = MoveForm(BY_NAME[move], choices_for(sight), request.POST, request.FILES)
    if not form.is_valid():
        return answer(request, sight, opened=move, form=form, status=422)
    try:
        _make(form, request, sight, user, at)
    except Refused as refused:
        return refuse(request, fetch(user, at, pk=case_id), form, refused)
    return _done(request, sight, form)


def _make(form: MoveForm, request: HttpRequest, sight: Sight, user: User, at: datetime) -> None:
    given: dict[str, Any] = form.given()
    task = request.POST.get("task_id", "")
    if task.isascii() and task.isdigit():
        given["task_id"] = int(task)
    version = form.cleaned_data["version"]
    if kept := store(request, form.photos, by=user, at=at):
        given["photo_ids"] = kept
    perform_with_undo(sight.case.pk, form.move.name, by=user, at=at, version=version, **given)


def store(
    request: HttpRequest, photos: Iterable[UploadedFile], *, by: User, at: datetime
) -> list[uuid.UUID]:
    """Keep the photos, and the films, voices and documents that came with the form; return the ids.

    Raises:
        Invalid: one of them was not taken; the sentence names it.
    """
    given = [(Kind.PHOTO, photo) for photo in photos] + uploads.files_of(request, BESIDE_PHOTOS)
    return [uploads.keep(file, kind, by=by, at=at) for kind, file in given]


def refuse(request: HttpRequest, sight: Sight, form: MoveForm, refused: Refused) -> HttpResponse:
    """The case as it is now. The form is offered again if the move still is; else its words stand above."""
    offered = {offer.move.name for offer in sight.offers if offer.allowed}
    if form.move.name not in offered:
        said = str(refused.sentence)
        return answer(request, sight, said=said, kept=typed(form), status=refused.status)
    said = ""
    if FIELD_OF.get(refused.field or "", refused.field) in form.fields:
        put_refusal(form, refused, FIELD_OF)
    else:
        said = str(refused.sentence)
    put_in(form, "version", str(sight.case.version))
    return answer(
        request, sight, opened=form.move.name, form=form, said=said, status=refused.status
    )


def put_in(form: Form, name: str, value: str) -> None:
    """Change one value of a bound form that is shown again; the rest stays as it was typed."""
    data = cast(QueryDict, form.data).copy()
    data[name] = value
    form.data = data


def typed(form: MoveForm) -> str:
    """The words a person wrote into a form that is no longer offered."""
    return "\n".join(str(form.data[name]) for name in ("reason", "note") if form.data.get(name))


def _done(request: HttpRequest, sight: Sight, form: MoveForm) -> HttpResponse:
    said = _("%(number)s：%(move)s，已办") % {
        "number": sight.case.number,
        "move": _(form.move.label),
    }
    sight.case.version += 1
    bar = bar_of(request, sight.case)
    if bar is None:
        messages.success(request, said)
    response = after(request, sight, undo=bar is not None)
    return put_beside(request, response, bar) if is_fragment(request) else response


def after(request: HttpRequest, sight: Sight, *, undo: bool = False) -> HttpResponse:
    """Back to the case. In the pane it is drawn anew, and the list beside it is told to look again."""
    if not is_fragment(request):
        back = request.POST.get("back", "")
        return go(
            request,
            back
            if back.startswith(("/desk/", "/unit/"))
            else f"/cases/{sight.case.number}/{'?undo=1' if undo else ''}",
        )
    return moved(request, sight)


def moved(request: HttpRequest, sight: Sight) -> HttpResponse:
    """The fresh case as a fragment, or that it has left the reader's land, with the event `yw-moved`."""
    try:
        fresh = fetch(sight.user, sight.at, pk=sight.case.pk)
        response = answer(request, fresh)
    except Missing:
        response = render(request, "desk/case/gone.html", {"case": sight.case})
    response["HX-Trigger"] = "yw-moved"
    return response
