"""What anybody may fetch: published photos, videos and documents, and the town's land for the map."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.http import quote_etag

from yiwang.web.kit import serving
from yiwang.web.kit.access import Needs, page
from yiwang.web.residents.gateway import gateway
from yiwang.web.residents.gateway import messages as m

FIVE_MINUTES = 300


@page(Needs.PUBLIC, methods=("GET", "HEAD"))
def photo(request: HttpRequest, photo: int, size: str) -> HttpResponseBase:
    """A published photo, video or document; kept by browsers for a short while only, since it can be withdrawn."""
    town = gateway()

    def ask(start: int = 0, length: int = 0) -> m.Part:
        return town.part(
            m.AskPart.model_validate({"id": photo, "size": size, "start": start, "length": length})
        )

    known = ask()
    served = serving.Served(
        known.mime, known.whole, known.tag, known.name, lambda s, n: ask(s, n).content
    )
    return serving.serve(request, served, kept_for_s=FIVE_MINUTES)


@page(Needs.PUBLIC, methods=("GET", "HEAD"))
def land(request: HttpRequest) -> HttpResponse:
    """The town's communities as GeoJSON, sent again only after a change."""
    outline = gateway().outline(m.AskOutline())
    etag = quote_etag(outline.version)
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = JsonResponse(outline.features, content_type="application/geo+json")
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    return response
