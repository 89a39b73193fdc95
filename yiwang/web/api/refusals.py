"""Every way to say no, in the one shape of the house: {"code", "message", "field"?}."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from yiwang.kernel.foundation.errors import Refused
from yiwang.kernel.foundation.sentences import N_
from yiwang.web.kit.errors import as_json
from yiwang.web.kit.pace import TooOften

# Pydantic's kinds of error → what we say; anything else is simply wrong.
SENTENCES = {
    "missing": N_("缺少这一项"),
    "extra_forbidden": N_("没有这一项，请检查拼写"),
    "finite_number": N_("应为有限的数字"),
    "uuid_parsing": N_("应为 UUID"),
    "uuid_type": N_("应为 UUID"),
    "enum": N_("不是允许的值"),
    "string_type": N_("应为文字"),
    "string_too_long": N_("文字太长"),
    "float_type": N_("应为数字"),
    "float_parsing": N_("应为数字"),
    "int_type": N_("应为整数"),
    "int_parsing": N_("应为整数"),
    "json_invalid": N_("不是有效的 JSON"),
}


def answer_refusals(api: NinjaAPI) -> None:
    """Let the interface answer with our refusals."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(RequestDataTooBig, _too_big)
    api.add_exception_handler(TooManyFilesSent, _too_big)


def _refused(request: HttpRequest, refused: Refused | type[Refused]) -> HttpResponse:
    assert isinstance(refused, Refused)
    response = as_json(refused)
    if isinstance(refused, TooOften):
        response["Retry-After"] = str(refused.wait)
    return response


def _invalid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """The first fault with its field, and all of them for whoever mends the program."""
    assert isinstance(error, ValidationError)
    faults = [
        {"field": _field(fault["loc"]), "message": _sentence(fault)} for fault in error.errors
    ]
    body: dict[str, object] = {"code": "invalid", **faults[0], "faults": faults}
    return JsonResponse(body, status=422)


def _field(place: tuple[object, ...]) -> str:
    """("body", "report", "lon") → "lon": what a caller calls it."""
    named = [str(part) for part in place[2:]] or ["body"]
    return ".".join(named)


def _sentence(fault: Mapping[str, Any]) -> str:
    known = SENTENCES.get(str(fault.get("type")))
    return _(known) if known else _("值不正确")


def _http_error(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    assert isinstance(error, HttpError)
    sentence = _("不是有效的 JSON") if error.status_code == 400 else str(error)
    return JsonResponse({"code": "bad_request", "message": sentence}, status=error.status_code)


def _too_big(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    return JsonResponse({"code": "too_big", "message": _("发送的内容太大")}, status=413)
