"""Splitting a division: its parts come in a file, and are tried before the division ends."""

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.kernel import territory
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.territory.actions.splitting import Part
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.coords import Crs
from yiwang.kernel.territory.rules.reading import read
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office.forms import tried
from yiwang.web.office.needs import LAND
from yiwang.web.office.territory.division import address, fetch
from yiwang.web.office.territory.forms import SplitForm, tomorrow_or
from yiwang.web.office.territory.importing import content_of


@page(LAND)
def split(request: HttpRequest, division_id: int) -> HttpResponse:
    """The form; a POST shows the parts, or splits where `do` is "write"."""
    user, at = signed_in(request), now(request)
    found = fetch(request, division_id)
    if request.method != "POST":
        form = SplitForm(initial={"on": tomorrow_or(day_of(at), found)})
        return _shown(request, found, form, [], 200)
    form = SplitForm(request.POST, request.FILES)
    write = request.POST.get("do") == "write"
    parts: list[Part] = []

    def act() -> None:
        parts.extend(_parts(content_of(form, user), form))
        _run(found, parts, form, user, at, write=write)

    status = tried(form, act, {"into": "file", "shape": "file"})
    if status or not write:
        return _shown(request, found, form, [] if status else parts, status or 200)
    messages.success(
        request,
        _("“%(name)s”已拆分为 %(parts)s")
        % {"name": found.name, "parts": "、".join(part.name for part in parts)},
    )
    return go(request, address(found.parent_id or found.pk))


def _shown(
    request: HttpRequest, found: Division, form: SplitForm, parts: list[Part], status: int
) -> HttpResponse:
    context = {"division": found, "form": form, "parts": parts}
    return render(request, "office/territory/split.html", context, status=status)


def _parts(content: bytes, form: SplitForm) -> list[Part]:
    """The parts a file draws.

    Raises:
        Invalid: a feature cannot be read; the first finding is the sentence.
    """
    reading = read(content, form.reading, Crs(form.cleaned_data["crs"]))
    if reading.findings:
        raise Invalid(reading.findings[0].sentence, field="file")
    return [
        Part(shape.name, shape.polygon, code=shape.code, households=shape.households)
        for shape in reading.shapes
    ]


def _run(
    found: Division, parts: list[Part], form: SplitForm, user: User, at: datetime, *, write: bool
) -> None:
    with transaction.atomic():
        territory.split_division(found, parts, by=user, at=at, on=form.cleaned_data["on"])
        if not write:
            transaction.set_rollback(True)
