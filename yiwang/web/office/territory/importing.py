"""Taking shapes in: first a trial that writes nothing, then, after a yes, the same file for good."""

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel import territory
from yiwang.kernel.accounts.models import User
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.territory.actions.importing import ImportOptions, ImportReport
from yiwang.kernel.territory.rules.coords import Crs
from yiwang.kernel.territory.rules.levels import Level
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.office import waiting
from yiwang.web.office.forms import retype, tried
from yiwang.web.office.needs import LAND, require_land
from yiwang.web.office.territory.forms import FileForm, ImportForm

LARGEST = 50 * 1024 * 1024


@page(LAND)
def import_shapes(request: HttpRequest) -> HttpResponse:
    """The form; a POST shows what the file would do, or does it where `do` is "write"."""
    user, at = signed_in(request), now(request)
    if request.method != "POST":
        form = ImportForm(initial={"valid_from": day_of(at)})
        return render(request, "office/territory/import.html", {"form": form})
    form = ImportForm(request.POST, request.FILES)
    write = request.POST.get("do") == "write"
    reports: list[ImportReport] = []

    def act() -> None:
        require_land(user, at)
        content = content_of(form, user)
        reports.append(_run(content, form, user, at, write=write))

    status = tried(form, act)
    report = next(iter(reports), None)
    context = {"form": form, "report": report, "written": write and report and not report.refused}
    refused = report is not None and report.refused
    return render(
        request, "office/territory/import.html", context, status=status or (422 if refused else 200)
    )


def content_of(form: FileForm, user: User) -> bytes:
    """The file of a form: newly chosen, or the one that waits; the form goes on carrying its token.

    Raises:
        Invalid: none, empty, too large, or gone.
    """
    file, token = form.cleaned_data["file"], form.cleaned_data["token"]
    if file is not None:
        token = waiting.keep(file, of=user, most_bytes=LARGEST)
        retype(form, "token", token)
        if not form.cleaned_data.get("source", "-"):
            form.cleaned_data["source"] = file.name or ""
            retype(form, "source", file.name or "")
    return waiting.kept(token, of=user)


def _run(
    content: bytes, form: ImportForm, user: User, at: datetime, *, write: bool
) -> ImportReport:
    """Import for good, or within a savepoint that is undone."""
    with transaction.atomic():
        report = territory.import_shapes(content, _options(form), by=user, at=at)
        if not write:
            transaction.set_rollback(True)
    return report


def _options(form: ImportForm) -> ImportOptions:
    said = form.cleaned_data
    return ImportOptions(
        level=Level(said["level"]),
        fields=form.reading,
        crs=Crs(said["crs"]),
        parent=said["parent"].strip(),
        partial=said["partial"],
        repair=said["repair"],
        valid_from=said["valid_from"],
        source=said["source"],
    )
