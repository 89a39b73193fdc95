"""What an inspector sees of the door: who was turned away, how often, from what."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel.accounts import turned_away
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.kit.access import now, page
from yiwang.web.kit.paging import page_of

DAYS = (7, 30, 90)
ROWS = 50
NAMELESS = ("form", "limit", "missing", "link")  # where nobody need be signed in


@page(Permission.AUDIT_VERIFY, methods=("GET", "HEAD"))
def refused(request: HttpRequest) -> HttpResponse:
    """The newest first, an hour to a line."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, DAYS) else DAYS[0]
    rows = turned_away.since(now(request) - timedelta(days=days))
    found = page_of(rows, request, by=("-last_at", "-id"), size=ROWS)
    context = {"page": found, "days": days, "spans": DAYS, "nameless": NAMELESS}
    return render(request, "signin/refused.html", context)
