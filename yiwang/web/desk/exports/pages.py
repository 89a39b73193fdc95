"""My exports: asked for from any list, made in the background, taken from here for a week."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yiwang.kernel.foundation import exports
from yiwang.kernel.foundation.errors import Missing, Refused
from yiwang.kernel.foundation.exports.models import Export
from yiwang.kernel.foundation.exports.rules import FAILED, LASTS, READY, WAITING
from yiwang.kernel.foundation.files.rules import said_size
from yiwang.web.kit import say
from yiwang.web.kit.access import Needs, now, page, signed_in
from yiwang.web.kit.fragments import is_fragment, show
from yiwang.web.kit.serving import on_disk, serve

SHOWN = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Line:
    """One export as the page shows it."""

    row: Export
    name: str
    ready: bool
    failed: bool
    waiting: bool
    size: str
    until: datetime


def line_of(export: Export, at: datetime) -> Line:
    """What a person sees of one export."""
    over = export.asked_at + LASTS <= at
    return Line(
        row=export,
        name=_name(export.source),
        ready=export.state == READY and not over,
        failed=export.state == FAILED,
        waiting=export.state == WAITING,
        size=said_size(export.size),
        until=export.asked_at + LASTS,
    )


def _name(source: str) -> str:
    try:
        return str(exports.known_source(source).name)
    except Missing:
        return source


@page(Needs.SIGNED_IN, methods=("GET", "HEAD"))
def own(request: HttpRequest) -> HttpResponse:
    """The newest of one's own; for htmx the table alone, which asks again while something is under way."""
    user, at = signed_in(request), now(request)
    lines = [line_of(export, at) for export in exports.own(user)[:SHOWN]]
    context: dict[str, object] = {
        "lines": lines,
        "running": any(line.row.under_way for line in lines),
    }
    return show(request, "desk/exports.html", "desk/exports/table.html", context)


@page(Needs.SIGNED_IN, methods=("POST",))
def ask(request: HttpRequest, source: str) -> HttpResponse:
    """Ask for a list; its progress is shown beside the button, or on the page of all."""
    query = request.POST.get("query", "").lstrip("?")
    return _asked(request, exports.ask(source, query, by=signed_in(request), at=now(request)))


@page(Needs.SIGNED_IN, methods=("POST",))
def again(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    """The same list as it is now."""
    return _asked(request, exports.ask_again(export_id, by=signed_in(request), at=now(request)))


def _asked(request: HttpRequest, export: Export) -> HttpResponse:
    if not is_fragment(request):
        return redirect("exports:own")
    return render(request, "desk/exports/bar.html", {"line": line_of(export, now(request))})


@page(Needs.SIGNED_IN, methods=("GET", "HEAD"))
def progress(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    """How far one export is."""
    export = exports.own(signed_in(request)).filter(pk=export_id).first()
    if export is None:
        raise Missing(_("没有这个导出，或者它不是您的。"))
    return render(request, "desk/exports/bar.html", {"line": line_of(export, now(request))})


@page(Needs.SIGNED_IN, methods=("GET", "HEAD"))
def take(request: HttpRequest, export_id: uuid.UUID) -> HttpResponseBase:
    """The file, for who asked for it."""
    export, path = exports.file_of(export_id, by=signed_in(request), at=now(request))
    day = f"{say.local(export.asked_at):%Y%m%d-%H%M}"
    served = on_disk(path, XLSX, str(export.pk), f"{_name(export.source)}-{day}.xlsx")
    answer = serve(request, served, kept_for_s=0)
    answer["Cache-Control"] = "private, no-store"
    return answer


@page(Needs.SIGNED_IN, methods=("POST",))
def drop(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    """Delete one, also while it is made."""
    try:
        exports.drop(export_id, by=signed_in(request))
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("导出已删除"))
    return redirect("exports:own")
