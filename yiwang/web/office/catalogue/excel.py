"""The catalogue as an Excel file: out, and in after a trial."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from yiwang.kernel.accounts.models import User
from yiwang.kernel.catalogue.actions import ImportResult, import_excel
from yiwang.kernel.catalogue.excel.stored import export_excel
from yiwang.kernel.organisation.duties import day_of
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.office import waiting
from yiwang.web.office.forms import retype, tried
from yiwang.web.office.needs import KINDS

LARGEST = 10 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 300


class ExcelForm(forms.Form):
    """A workbook, or the one that was tried before."""

    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": f".xlsx,{XLSX}"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)


@page(KINDS)
def excel(request: HttpRequest) -> HttpResponse:
    """Choose a file; a POST tries it, or takes it in where `do` is "write"."""
    if request.method != "POST":
        return render(request, "office/catalogue/excel.html", {"form": ExcelForm()})
    user, at = signed_in(request), now(request)
    form = ExcelForm(request.POST, request.FILES)
    write = request.POST.get("do") == "write"
    results: list[ImportResult] = []

    def act() -> None:
        content = _content_of(form, user)
        results.append(import_excel(content, by=user, at=at, dry_run=not write))

    status = tried(form, act)
    result = next(iter(results), None)
    context = {
        "form": form,
        "result": result,
        "errors": result.errors[:MOST_SHOWN] if result else (),
        "changes": result.changes[:MOST_SHOWN] if result else (),
        "written": result is not None and write and not result.errors,
    }
    wrong = result is not None and bool(result.errors)
    return render(
        request, "office/catalogue/excel.html", context, status=status or (422 if wrong else 200)
    )


def _content_of(form: ExcelForm, user: User) -> bytes:
    file, token = form.cleaned_data["file"], form.cleaned_data["token"]
    if file is not None:
        token = waiting.keep(file, of=user, most_bytes=LARGEST)
        retype(form, "token", token)
    return waiting.kept(token, of=user)


@page(KINDS, methods=("GET", "HEAD"))
def download(request: HttpRequest) -> HttpResponse:
    """The whole catalogue as one workbook."""
    day = day_of(now(request)).isoformat()
    answer = HttpResponse(export_excel(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="catalogue-{day}.xlsx"'
    return answer
