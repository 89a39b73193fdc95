"""Answers to htmx: a fragment with a note beside it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def is_fragment(request: HttpRequest) -> bool:
    """Whether the caller wants a part of the page; a boosted link and a return through history want it whole."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def show(
    request: HttpRequest,
    whole: str,
    part: str,
    context: dict[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or only its part for htmx (with the waiting notes out of band)."""
    if not is_fragment(request):
        return render(request, whole, context, status=status)
    response = render(request, part, context, status=status)
    if messages.get_messages(request):
        notes = render(request, "kit/parts/flash.html", {"oob": True})
        response.content = response.content + notes.content
    return response


def go(request: HttpRequest, address: str) -> HttpResponse:
    """On to another page, for a browser and for htmx alike."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
