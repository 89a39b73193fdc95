"""What nobody has foreseen, told without the request and without the database: either may be what is broken.

A full disk and a database that is away are said as what they are: the sender can do something about it, or wait.
"""

import errno
import sys
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg.errors import DiskFull

from yiwang.web.kit.access import wants_json

AGAIN_AFTER = 5  # seconds


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to an error of ours, for whoever reads it: page, fragment or data."""
    status, code, title, sentence = _trouble(sys.exception())
    if wants_json(request):
        response: HttpResponse = JsonResponse({"code": code, "message": sentence}, status=status)
    elif request.headers.get("HX-Request") == "true":
        note = {"note": {"kind": "error", "text": sentence}}
        response = HttpResponse(render_to_string("kit/parts/note.html", note), status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#flash", "innerHTML"
    else:
        context = {"title": title, "sentence": sentence}
        response = HttpResponse(render_to_string("kit/errors/500.html", context), status=status)
    if status == 503:
        response["Retry-After"] = str(AGAIN_AFTER)
    return response


def _trouble(error: BaseException | None) -> tuple[int, str, str, str]:
    """Status, code, title and sentence for what nobody has foreseen."""
    causes = list(_causes(error))
    if any(isinstance(cause, DiskFull) or _is_full(cause) for cause in causes):
        sentence = _("服务器存储空间不足，刚才的内容没有保存，请联系管理员。")
        return 507, "no_space", _("存储空间不足"), sentence
    if any(isinstance(cause, OperationalError | InterfaceError) for cause in causes):
        sentence = _(
            "数据库暂时连接不上，通常几秒后恢复。没有确认收到的内容没有保存，请稍后再提交一次；重复提交不会产生两份。"
        )
        return 503, "unavailable", _("系统暂时不可用"), sentence
    sentence = _(
        "这不是您的错，已经记录下来。没有确认收到的内容没有保存，请稍后再提交一次；重复提交不会产生两份。"
    )
    return 500, "error", _("程序出错了"), sentence


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what brought it about."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
