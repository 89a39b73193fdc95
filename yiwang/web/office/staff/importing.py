"""The staff as an Excel file: the empty template out, and in after a trial; first passwords on a list to print."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from yiwang.kernel.accounts.models import User
from yiwang.kernel.organisation.excel.importing import StaffImport, import_staff
from yiwang.kernel.organisation.excel.reading import template
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.office import waiting
from yiwang.web.office.forms import retype, tried
from yiwang.web.office.needs import PEOPLE

LARGEST = 10 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 300


class StaffFileForm(forms.Form):
    """A workbook, or the one that was tried before."""

    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": f".xlsx,{XLSX}"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)


@page(PEOPLE)
def import_people(request: HttpRequest) -> HttpResponse:
    """Choose a file; a POST tries it, or takes it in where `do` is "write" and answers with the list to print."""
    if request.method != "POST":
        return render(request, "office/staff/import.html", {"form": StaffFileForm()})
    user, at = signed_in(request), now(request)
    form = StaffFileForm(request.POST, request.FILES)
    write = request.POST.get("do") == "write"
    results: list[StaffImport] = []

    def act() -> None:
        content = _content_of(form, user)
        results.append(import_staff(content, by=user, at=at, dry_run=not write))

    status = tried(form, act)
    result = next(iter(results), None)
    if result is not None and result.issued:
        return _slips(request, result)
    problems = result.problems if result else []
    context = {"form": form, "result": result, "problems": problems[:MOST_SHOWN]}
    status = status or (422 if problems else 200)
    return render(request, "office/staff/import.html", context, status=status)


def _content_of(form: StaffFileForm, user: User) -> bytes:
    file, token = form.cleaned_data["file"], form.cleaned_data["token"]
    if file is not None:
        token = waiting.keep(file, of=user, most_bytes=LARGEST)
        retype(form, "token", token)
    return waiting.kept(token, of=user)


def _slips(request: HttpRequest, result: StaffImport) -> HttpResponse:
    """The one time the passwords are shown: a list to cut up, unit by unit."""
    slips = sorted(result.issued, key=lambda slip: (slip.unit, slip.username))
    address = request.build_absolute_uri("/sign-in")
    context = {"result": result, "slips": slips, "address": address}
    answer = render(request, "office/staff/slips.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@page(PEOPLE, methods=("GET", "HEAD"))
def download(request: HttpRequest) -> HttpResponse:
    """The empty workbook with its explanations."""
    answer = HttpResponse(template(), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="staff.xlsx"'
    return answer
