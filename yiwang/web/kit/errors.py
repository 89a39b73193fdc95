"""How a refusal of the kernel reaches the reader: as a page, as a fragment, or as JSON. The one place for it."""

import re
from collections.abc import Callable

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.accounts import turned_away
from yiwang.kernel.foundation.errors import Forbidden, Refused, Stale
from yiwang.web.kit.access import now, staff, wants_json

TITLES = {
    400: gettext_lazy("请求有误"),
    403: gettext_lazy("没有权限"),
    404: gettext_lazy("没有找到"),
    409: gettext_lazy("情况已经变化"),
    413: gettext_lazy("内容太大"),
    422: gettext_lazy("请检查填写的内容"),
    429: gettext_lazy("请稍候再试"),
    507: gettext_lazy("存储空间不足"),
}
# Answers somebody gets who tries numbers, codes or how often one may.
TRIED = {404: "missing", 429: "limit"}


class Refusals:
    """Middleware: a `Refused` that a view did not answer itself becomes its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in TRIED and request.resolver_match:
            _count_trying(request, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Forbidden):
            count(request, "page")
        return answer(request, error) if isinstance(error, Refused) else None


def count(request: HttpRequest, kind: str) -> None:
    """Write down that somebody was turned away, for whoever inspects: a member of staff, or a stranger nobody knows."""
    user = staff(request)
    if user is not None:
        turned_away.count(kind, at=now(request), user_id=user.pk, place=_place(request))
    else:
        turned_away.count_many(kind, at=now(request), place=_place(request))


def _count_trying(request: HttpRequest, status: int) -> None:
    """Count a limit that was reached, and a number or a code that leads nowhere; a lock is counted where it is set."""
    match = request.resolver_match
    if match is None or getattr(request, "axes_locked_out", False):
        return
    if status == 404 and not match.kwargs and request.method != "POST":
        return  # a page of the house without its number is no try
    # What asks for no token looks at no session either.
    user = None if getattr(match.func, "csrf_exempt", False) else staff(request)
    turned_away.count_many(
        TRIED[status], at=now(request), user_id=user.pk if user else None, place=_place(request)
    )


def _place(request: HttpRequest) -> str:
    """The address as it is declared, never as it was asked for."""
    match = request.resolver_match
    return re.sub("<[^>]*>", "…", match.route) if match else ""


def answer(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The refusal in the form the caller reads."""
    said = as_json(refused) if wants_json(request) else _shown(request, refused)
    wait = getattr(refused, "wait", None)
    if wait is not None:
        said["Retry-After"] = str(wait)
    return said


def _shown(request: HttpRequest, refused: Refused) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return _fragment(request, str(refused.sentence), refused.status)
    return _page(request, refused.status, str(refused.sentence))


def as_json(refused: Refused) -> JsonResponse:
    """{"code", "message", "field"?, "current"?} with the status of the refusal."""
    body: dict[str, object] = {"code": refused.code, "message": str(refused.sentence)}
    if refused.field:
        body["field"] = refused.field
    if isinstance(refused, Stale):
        body["current"] = refused.current
    return JsonResponse(body, status=refused.status)


def _fragment(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    """A note for the live region; what was typed on the page stays as it is."""
    response = render(
        request,
        "kit/parts/note.html",
        {"note": {"kind": "error", "text": sentence}},
        status=status,
    )
    response["HX-Retarget"], response["HX-Reswap"] = "#flash", "innerHTML"
    return response


def _page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    context = {"status": status, "title": TITLES.get(status, _("未能完成")), "sentence": sentence}
    return render(request, "kit/errors/refused.html", context, status=status)


def _said(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"code": code, "message": sentence}, status=status)
    if request.headers.get("HX-Request") == "true":
        return _fragment(request, sentence, status)
    return _page(request, status, sentence)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return _said(request, 400, "bad_request", reason or _("服务器看不懂这个请求。"))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    return _said(request, 403, "forbidden", reason or _("您的岗位没有打开这个页面的权限。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    known = isinstance(exception, Http404)
    return _said(
        request,
        404,
        "missing" if known else "no_page",
        _("没有这个页面，或者它不在您的职责范围内。"),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token of the form is too old or missing. `reason` is for the log, not for the reader."""
    count(request, "form")
    sentence = _(
        "页面放置太久，为了安全没有提交。请返回上一页、刷新后再提交一次；填写的内容通常还在。"
    )
    return _said(request, 403, "csrf", sentence)
