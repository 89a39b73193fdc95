"""What anybody may fetch: published photos, and the town's land for the map."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import quote_etag

from yiwang.web.kit.access import Needs, page
from yiwang.web.residents.gateway import gateway
from yiwang.web.residents.gateway import messages as m

FIVE_MINUTES = 300


@page(Needs.PUBLIC, methods=("GET", "HEAD"))
def photo(request: HttpRequest, photo: int, size: str) -> HttpResponse:
    """A published photo; kept by browsers for a short while only, since it can be withdrawn."""
    picture = gateway().photo(m.AskPhoto.model_validate({"id": photo, "size": size}))
    response = HttpResponse(picture.content, content_type=picture.mime)
    response["Cache-Control"] = f"private, max-age={FIVE_MINUTES}"
    return response


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
