"""What I reported, and how it ended."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, Report
from yiwang.kernel.cases.permissions import not_about
from yiwang.kernel.cases.rules.stages import RATING_NAMES, STAGE_NAMES
from yiwang.kernel.organisation.duties import areas_of
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.field import ground
from yiwang.web.field.needs import ON_THE_GROUND
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.paging import page_of
from yiwang.web.kit.states import state_of

ROWS = 30


@dataclass(frozen=True)
class Line:
    """A report of mine with the state of its case. A matter about staff shows no more than that it was passed on."""

    report: Report
    state: str
    stage: str
    area: str
    ended: str
    rating: str
    address: str


@page(ON_THE_GROUND, methods=("GET", "HEAD"))
def mine(request: HttpRequest) -> HttpResponse:
    """The newest first: one query."""
    user, at = signed_in(request), now(request)
    rows = Report.objects.filter(not_about(user, (), on="case__"), taken_by=user)
    rows = rows.select_related("case", "case__merged_into")
    found = page_of(rows, request, by=("-received_at", "-id"), size=ROWS)
    lines = [_line(report, user, at) for report in found.rows]
    return render(request, "field/mine.html", {"page": found, "lines": lines})


def _line(report: Report, user: User, at: datetime) -> Line:
    case = report.case
    if case.confidential:
        return Line(report, "open", _("已转专人办理"), "", "", "", "")
    return Line(
        report=report,
        state=state_of(case, at),
        stage=_(STAGE_NAMES[case.stage]),
        area=ground.area_name(case.area_path),
        ended=case.result or report.answer if not case.is_open else "",
        rating=_(RATING_NAMES[report.rating]) if report.rating else "",
        address=_address(case, user, at),
    )


def _address(case: Case, user: User, at: datetime) -> str:
    """The case's page, where it lies on my land; else nothing."""
    lands = areas_of(user, Permission.CASE_VIEW, at)
    if not any(case.area_path.startswith(path) for path in lands):
        return ""
    return reverse("cases:case", args=[case.number])
