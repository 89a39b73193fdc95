"""The slip the person takes home: the code in large letters, and the address as a picture a phone can read."""

import uuid

import qrcode
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.cases.models import Report
from yiwang.kernel.foundation.errors import Missing
from yiwang.kernel.foundation.numbering.rules import grouped_follow_code
from yiwang.web.desk import names
from yiwang.web.desk.case.sight import fetch
from yiwang.web.desk.needs import TO_READ_A_CASE, TO_TAKE_A_REPORT
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import is_fragment, show

PAPERS = ("a6", "roll")
"""A card of 105 × 148 mm, or the roll of a receipt printer, 80 mm wide."""


@page((*TO_TAKE_A_REPORT, *TO_READ_A_CASE), methods=("GET", "HEAD"))
def slip(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The follow code, the number, and what happens next: to be read out or printed."""
    return slip_of(request, report_id)


def slip_of(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The slip, for whoever took the report.

    Raises:
        Missing: no such report, or somebody else took it.
    """
    report = Report.objects.filter(pk=report_id).first()
    user, at = signed_in(request), now(request)
    if report is None or (report.taken_by_id != user.pk):
        raise Missing(_("没有这条诉求，或者它不是您登记的。"))
    sight = fetch(user, at, pk=report.case_id)
    paper = request.GET.get("paper", "")
    address = f"{settings.YIWANG_ADDRESS}{reverse('residents:follow', args=[report.follow_code])}"
    context: dict[str, object] = {
        "report": report,
        "case": sight.case,
        "joined": report.first_case_id == sight.case.pk and sight.case.report_count > 1,
        "code": grouped_follow_code(report.follow_code),
        "area": names.short_area(sight.case.area_path),
        "follow_at": address.partition("://")[2].partition("/")[0],
        "squares": _Squares(address),
        "paper": paper if paper in PAPERS else PAPERS[0],
        "papers": PAPERS,
    }
    response = show(request, "desk/slip.html", "desk/entry/slip_sheet.html", context)
    if is_fragment(request):
        response["HX-Trigger"] = "yw-moved"
    return response


class _Squares:
    """A QR code as one path of unit squares, drawn only where a template asks for it."""

    def __init__(self, text: str) -> None:
        code = qrcode.QRCode(border=2)
        code.add_data(text)
        code.make()
        self._rows = code.get_matrix()

    @property
    def size(self) -> int:
        return len(self._rows)

    @property
    def path(self) -> str:
        return "".join(
            f"M{x} {y}h1v1h-1z"
            for y, row in enumerate(self._rows)
            for x, dark in enumerate(row)
            if dark
        )
