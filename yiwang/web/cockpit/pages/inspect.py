"""The inspector's lists, matters about staff apart, and the check of the record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yiwang.kernel.foundation.audit.models import AuditSeal
from yiwang.kernel.foundation.sentences import from_json
from yiwang.kernel.indicators import actions, inspection
from yiwang.kernel.indicators.models import AuditCheck
from yiwang.web.cockpit.lines import lines_of
from yiwang.web.cockpit.needs import TO_CHECK_THE_RECORD, TO_INSPECT
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go, is_fragment
from yiwang.web.kit.paging import page_of

ROWS = 30
CHECKS = 10


@page(TO_INSPECT, methods=("GET", "HEAD"))
def lists(request: HttpRequest) -> HttpResponse:
    """One list at a time; the counts of all beside it."""
    user, at = signed_in(request), now(request)
    days = days_of(request.GET.get("days", ""))
    look = inspection.BY_KEY.get(request.GET.get("look", ""), inspection.LOOKS[0])
    rows = inspection.cases_of(look, user, at, days).select_related("lead_unit")
    by = ("clock_due_at", "id") if look.key == "late" else ("-opened_at", "-id")
    found = page_of(rows, request, by=by, size=ROWS)
    counts = inspection.counts(user, at, days)
    context = {
        "look": look,
        "name": _(look.name),
        "hint": _(look.hint),
        "looks": [
            (_(each.name), counts[each.key], _address(each.key, days), each is look, each)
            for each in inspection.LOOKS
        ],
        "days": days,
        "spans": [(span, _address(look.key, span)) for span in inspection.LOOK_BACK_DAYS],
        "staff": inspection.staff_matters(user, at, days) if look.confidential else None,
        "page": found,
        "lines": lines_of(found.rows, user, at),
        "check": actions.latest_check(),
    }
    return render(request, "cockpit/inspect.html", context)


@page(TO_INSPECT, methods=("GET", "HEAD"))
def openings(request: HttpRequest) -> HttpResponse:
    """Who opened whose telephone, the newest first."""
    user, at = signed_in(request), now(request)
    days = days_of(request.GET.get("days", ""))
    found = page_of(inspection.openings(user, at, days), request, by=("-at", "-id"), size=ROWS)
    context = {
        "page": found,
        "days": days,
        "spans": [(span, f"?days={span}") for span in inspection.LOOK_BACK_DAYS],
    }
    return render(request, "cockpit/openings.html", context)


def days_of(text: str) -> int:
    """The stretch of days that was asked for, or the usual one."""
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return wanted if wanted in inspection.LOOK_BACK_DAYS else 90


def _address(key: str, days: int) -> str:
    return "?" + urlencode([("look", key), ("days", str(days))])


@page(TO_CHECK_THE_RECORD)
def record(request: HttpRequest) -> HttpResponse:
    """The last check of the record and those before; a POST lets the worker walk it again."""
    user, at = signed_in(request), now(request)
    if request.method == "POST":
        actions.ask_check(by=user, at=at)
        return go(request, request.path)
    latest = actions.latest_check()
    context = {
        "check": latest,
        "running": latest is not None and latest.is_running(at),
        "broken_off": latest is not None
        and latest.finished_at is None
        and not latest.is_running(at),
        "findings": from_json(latest.findings) if latest else (),
        "percent": round(latest.share * 100) if latest else 0,
        "before": AuditCheck.objects.select_related("asked_by").order_by("-id")[1 : CHECKS + 1],
        "seal": AuditSeal.objects.order_by("day").last(),
    }
    part = "cockpit/parts/check.html"
    if is_fragment(request):
        return render(request, part, context)
    return render(request, "cockpit/record.html", context)
