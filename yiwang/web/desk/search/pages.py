"""The page of the search. A number that is one case's leads straight to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yiwang.kernel.cases.edges import Span
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.reading import planned_for_its_values
from yiwang.web.desk.needs import TO_READ_A_CASE
from yiwang.web.desk.queues.drawing import draw_rows
from yiwang.web.desk.queues.filters import Filters
from yiwang.web.desk.queues.listing import newest, numbered
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.paging import PARAMETER, Page

ROWS = 50


@page(TO_READ_A_CASE, methods=("GET", "HEAD"))
def find(request: HttpRequest) -> HttpResponse:
    """What was found, 50 to a page; without words, what the box takes."""
    user, at = signed_in(request), now(request)
    filters, token = Filters.read(request.GET), request.GET.get(PARAMETER)
    found: Page[Case] = Page([], None, first=True)
    if filters.words:
        with planned_for_its_values():
            named = [] if token else numbered(user, at, filters, ROWS)
            if len(named) == 1:
                return redirect("cases:case", named[0].number)
            found = (
                Page(named, None, first=True)
                if named
                else newest(user, at, filters.narrowed(user), Span.ALL, None, token, ROWS)
            )
    context = {
        "filters": filters,
        "page": found,
        "drawn": draw_rows(found.rows, at, alone=True),
    }
    return render(request, "desk/search/find.html", context)
