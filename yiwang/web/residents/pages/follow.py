"""Following a report by its code: how far it is, the answer, rating, a question. Wrong codes are counted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yiwang.kernel.foundation.errors import Forbidden, Missing, Refused
from yiwang.kernel.foundation.numbering import grouped_follow_code, normalise_follow_code
from yiwang.web.kit.access import Needs, now, page, staff
from yiwang.web.kit.pace import TooOften
from yiwang.web.residents import emergencies, pacing, wording
from yiwang.web.residents.forms import said
from yiwang.web.residents.frame import show
from yiwang.web.residents.gateway import gateway
from yiwang.web.residents.gateway import messages as m


@page(Needs.PUBLIC)
def find(request: HttpRequest) -> HttpResponse:
    """Type a code; the page goes on to what it follows."""
    typed = request.POST.get("code", "").strip()[:60]
    if request.method != "POST":
        return show(request, "residents/find.html", {})
    try:
        known = _known(request, typed)
    except Refused as refused:
        context: dict[str, object] = {"typed": typed, "wrong": str(refused.sentence)}
        return show(request, "residents/find.html", context, status=refused.status)
    return redirect("residents:follow", code=known.code)


@page(Needs.PUBLIC, methods=("GET", "HEAD"))
def follow(request: HttpRequest, code: str) -> HttpResponse:
    try:
        known = _known(request, code)
    except (Missing, TooOften) as refused:
        context: dict[str, object] = {"typed": code[:60], "wrong": str(refused.sentence)}
        return show(request, "residents/find.html", context, status=refused.status)
    return _show(request, known)


@page(Needs.PUBLIC, methods=("GET", "HEAD"))
def sent(request: HttpRequest, code: str) -> HttpResponse:
    """The page after sending; it can be opened again as long as the code is known."""
    known = _known(request, code)
    context = _context(request, known) | {
        "calls": emergencies.calls() if known.emergency or "call" in request.GET else ()
    }
    return show(request, "residents/sent.html", context)


@page(Needs.PUBLIC, methods=("POST",))
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """One of four faces; dissatisfied with a reason reopens the case, once. Staff do not rate for anybody by a code."""
    known = _known(request, code)
    rating, reason = request.POST.get("rating", ""), request.POST.get("reason", "")
    try:
        if staff(request) is not None:
            raise Forbidden(_("您是用工作账号登录的。评价由诉求人自己作出，工作人员请用“回访”。"))
        gateway().rate(m.Rate(code=known.code, rating=rating, reason=reason))
    except Refused as refused:
        return _again(request, code, refused, {"rating": rating, "reason": reason})
    return redirect("residents:follow", code=known.code)


@page(Needs.PUBLIC, methods=("POST",))
def solved(request: HttpRequest, code: str) -> HttpResponse:
    """The resident's own yes or no, where the case waits for it."""
    known = _known(request, code)
    reason = request.POST.get("reason", "")
    try:
        if request.POST.get("solved") == "yes":
            gateway().confirm_solved(m.Confirm(code=known.code))
        else:
            gateway().say_unsolved(m.Unsolved(code=known.code, reason=reason))
    except Refused as refused:
        return _again(request, code, refused, {"reason": reason})
    return redirect("residents:follow", code=known.code)


@page(Needs.PUBLIC, methods=("POST",))
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """A question to the desk, or something to add."""
    known = _known(request, code)
    question = request.POST.get("question", "")
    try:
        pacing.check_intake(request)
        gateway().ask_desk(m.Question(code=known.code, text=question))
    except Refused as refused:
        return _again(request, code, refused, {"question": question})
    pacing.count_intake(request)
    response = redirect("residents:follow", code=known.code)
    response["Location"] += "?asked=1"
    return response


def _known(request: HttpRequest, typed: str) -> m.Followed:
    """What the code follows.

    Raises:
        Missing: nobody has this code; counted. TooOften: too many wrong codes from here.
    """
    pacing.check_guessing(request)
    try:
        if not normalise_follow_code(typed):
            raise Missing(_("查询码是 13 位字母和数字，请核对后再试"), field="code")
        return gateway().follow(m.AskFollow(code=typed))
    except Missing:
        pacing.count_miss(request)
        raise


def _again(
    request: HttpRequest, code: str, refused: Refused, typed: dict[str, str]
) -> HttpResponse:
    """The page as it is now, with what was typed and why it was not taken."""
    known = _known(request, code)
    wrong = {"field": refused.field or "", "sentence": str(refused.sentence)}
    return _show(request, known, status=refused.status, typed=typed, wrong=wrong)


def _show(
    request: HttpRequest, known: m.Followed, *, status: int = 200, **more: object
) -> HttpResponse:
    return show(request, "residents/follow.html", _context(request, known) | more, status=status)


def _context(request: HttpRequest, known: m.Followed) -> dict[str, object]:
    at = now(request)
    photos = [photo for photo in known.photos if photo.kind == "photo"]
    return {
        "known": known,
        "code": grouped_follow_code(known.code),
        "kind": said(known.kind, known.kind_en),
        "marks": wording.marks(known),
        "next_step": wording.next_step(known, at),
        "answer_by": wording.answer_by(known, at),
        "faces": wording.FACES,
        "rated": wording.rating_name(known.rating),
        "photos": photos,
        "others": [other for other in known.photos if other.kind != "photo"],
        "before": [photo for photo in photos if photo.purpose == "before"],
        "after": [photo for photo in photos if photo.purpose != "before"],
        "asked": "asked" in request.GET,
    }
