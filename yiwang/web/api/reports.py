"""Reports over HTTP. Kept lean: this is the door that much passes through."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import File, Form, NinjaAPI
from ninja.files import UploadedFile
from ninja.parser import Parser
from pydantic_core import from_json, to_json

from yiwang.kernel import catalogue
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases import following
from yiwang.kernel.cases.actions import Receipt
from yiwang.kernel.cases.rules import intake
from yiwang.kernel.cases.rules.stages import Channel
from yiwang.kernel.foundation.actors import RESIDENT
from yiwang.kernel.foundation.errors import Invalid, Missing
from yiwang.kernel.foundation.files.rules import Kind
from yiwang.kernel.foundation.numbering import normalise_follow_code
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.web.api.refusals import answer_refusals
from yiwang.web.api.schemas import Followed, KeptPhoto, NewRating, NewReport, Refusal, Taken
from yiwang.web.kit import pace, uploads
from yiwang.web.kit.pace import TooOften


class Json(Parser):
    """JSON read by pydantic's own reader: quick, and safe against deep nesting and broken Unicode."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body: dict[str, Any] = from_json(request.body)
        return body


api = NinjaAPI(
    title="Yiwang 一网",
    version="1",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    parser=Json(),
)
answer_refusals(api)


@api.post("/reports", response={201: Taken, 200: Taken, 409: Refusal, 422: Refusal, 429: Refusal})
def take_report(request: HttpRequest, report: NewReport) -> HttpResponse:
    """Take one report in, once, however often it is sent."""
    count(request, pace.intake())
    receipt = cases.take_report(_new_report(report), by=RESIDENT, at=timezone.now())
    return _json(_taken(receipt), 200 if receipt.repeated else 201)


@api.get("/reports/{code}", response={200: Followed, 404: Refusal, 429: Refusal})
def follow_report(request: HttpRequest, code: str) -> HttpResponse:
    """How far the report with this follow code is. Nothing in it names a person."""
    return _json(to_json(Followed.model_validate(_followed(request, code))), 200)


@api.post("/reports/{code}/rating", response={204: None, 404: Refusal, 409: Refusal, 422: Refusal})
def rate_report(request: HttpRequest, code: str, rating: NewRating) -> HttpResponse:
    """Say what one thinks of the result, once it is closed."""
    known = _followed(request, code)
    cases.rate(known.report_id, rating.rating, reason=rating.reason, by=RESIDENT, at=timezone.now())
    return HttpResponse(status=204)


@api.post("/photos", response={201: KeptPhoto, 422: Refusal, 429: Refusal})
def upload_photo(request: HttpRequest, photo: File[UploadedFile]) -> HttpResponse:
    """Send one photo (multipart, at most 20 MB) and name its id in `photo_ids` of the report."""
    count(request, pace.photos())
    kept = uploads.keep(photo, Kind.PHOTO, by=RESIDENT, at=timezone.now())
    return JsonResponse({"id": str(kept)}, status=201)


@api.post("/files", response={201: KeptPhoto, 409: Refusal, 422: Refusal, 429: Refusal})
def upload_file(
    request: HttpRequest,
    file: File[UploadedFile],
    kind: Form[Kind],
    id: Form[uuid.UUID | None] = None,  # noqa: A002 - the name programs know
) -> HttpResponse:
    """Send a photo, video, voice or document, and name its id in `photo_ids` of the report.

    With an `id` of your own it can be sent again safely.
    """
    count(request, pace.photos())
    uploads.weigh(request, file.size or 0)
    kept = uploads.keep(file, kind, key=id, by=RESIDENT, at=timezone.now())
    return JsonResponse({"id": str(kept)}, status=201)


def count(request: HttpRequest, bucket: pace.Bucket) -> None:
    """Let everybody behind one address take so many a minute.

    Raises:
        TooOften: with the seconds to wait.
    """
    if settings.YIWANG_INTAKE_PER_MINUTE and (waiting := bucket.take(pace.address_of(request))):
        raise TooOften(waiting)


def _followed(request: HttpRequest, code: str) -> following.Followed:
    """What the code follows; wrong codes are counted and, beyond a measure, not looked up."""
    address = pace.address_of(request)
    if waiting := pace.misses().wait(address):
        raise TooOften(waiting)
    try:
        return following.follow(normalise_follow_code(code))
    except Missing:
        pace.misses().take(address)
        raise


def _new_report(report: NewReport) -> intake.NewReport:
    return intake.NewReport(
        id=report.id, text=report.text, channel=Channel.API, kind=report.kind, lon=report.lon,
        lat=report.lat, accuracy_m=report.accuracy_m, address=report.address,
        chosen_area_id=report.area_id, category_id=_category(report), name=report.name,
        phone=report.phone, outer_number=report.outer_number, follows=report.follows,
        follow_code=report.follow_code, photo_ids=report.photo_ids,
    )  # fmt: skip


def _category(report: NewReport) -> int | None:
    if report.category_id is not None or not report.category:
        return report.category_id
    entry = catalogue.book().by_code(report.category)
    if entry is None:
        raise Invalid(Sentence(N_("没有这个类别代码")), field="category")
    return entry.id


def _taken(receipt: Receipt) -> bytes:
    return to_json(
        {
            "id": receipt.report_id,
            "case_number": receipt.case_number,
            "follow_code": receipt.follow_code,
            "repeated": receipt.repeated,
        }
    )


def _json(body: bytes, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json")
