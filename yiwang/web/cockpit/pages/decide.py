"""Deciding in place: 督办, and yes or no to what a unit asks for. The line comes back as it is now."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.turn import Given
from yiwang.kernel.cases.models import Case, Request
from yiwang.kernel.cases.rules.moves import BY_NAME, REASON_AT_MOST
from yiwang.kernel.foundation.errors import Missing, Refused
from yiwang.web.cockpit.lines import OVER_THE_CASE, Line, line_of, request_line
from yiwang.web.cockpit.needs import TO_DECIDE
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import is_fragment, show

DECISIONS = (
    *OVER_THE_CASE,
    "approve_extension",
    "reject_extension",
    "approve_suspension",
    "reject_suspension",
)


class DecisionForm(forms.Form):
    """The state the person saw, and the reason; whether one is needed the kernel says."""

    version = forms.IntegerField()
    reason = forms.CharField(required=False, max_length=REASON_AT_MOST + 1)


@page(TO_DECIDE, methods=("POST",))
def decide(request: HttpRequest, case_id: int, move: str) -> HttpResponse:
    """Make the move. Refused: the line as it is now, with the sentence and what was typed."""
    user, at = signed_in(request), now(request)
    case = _fetch(user, at, case_id)
    if move not in DECISIONS:
        raise Missing(_("没有这一步"))
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _refused(request, case, move, _("请刷新页面后再试。"), 422)
    try:
        given = Given(reason=form.cleaned_data["reason"])
        version = form.cleaned_data["version"]
        cases.perform(case_id, move, by=user, at=at, version=version, **given)
    except Refused as refused:
        return _refused(request, _fetch(user, at, case_id), move, str(refused), refused.status)
    return _done(request, _fetch(user, at, case_id), move)


def _fetch(user: User, at: datetime, case_id: int) -> Case:
    """Return a case this person may read.

    Raises:
        Missing: there is none, or it is not this person's business.
    """
    visible = Case.objects.visible_to(user, at=at).select_related("lead_unit")
    case = visible.filter(pk=case_id).first()
    if case is None:
        raise Missing(_("没有这件案卷，或者它不在您的职责范围内。"))
    return case


def _line(request: HttpRequest, case: Case, move: str) -> Line:
    """The line the move stands on: that of the request while one waits, else that of the case."""
    user, at = signed_in(request), now(request)
    if move in OVER_THE_CASE:
        return line_of(case, user, at)
    kind = move.partition("_")[2]
    asked = Request.objects.select_related("task__unit", "case__lead_unit").filter(
        case=case, kind=kind
    )
    found = asked.order_by("-id").first()
    if found is None or found.state != "asked":
        line = line_of(case, user, at)
        line.request, line.deeds = found, []
        return line
    return request_line(found, user, at)


def _refused(request: HttpRequest, case: Case, move: str, said: str, status: int) -> HttpResponse:
    line = _line(request, case, move)
    line.said, line.opened = said, move
    line.typed = request.POST.get("reason", "")
    return _show(request, line, status)


def _done(request: HttpRequest, case: Case, move: str) -> HttpResponse:
    said = _("%(number)s：%(move)s，已办") % {"number": case.number, "move": _(BY_NAME[move].label)}
    if is_fragment(request):
        line = _line(request, case, move)
        line.done = said
        return _show(request, line, 200)
    messages.success(request, said)
    back = request.POST.get("back", "")
    safe = back.startswith("/cockpit/") and url_has_allowed_host_and_scheme(back, None)
    return redirect(back if safe else reverse("cockpit:overview"))


def _show(request: HttpRequest, line: Line, status: int) -> HttpResponse:
    part = "cockpit/parts/request.html" if line.request else "cockpit/parts/line.html"
    back = request.POST.get("back", "") or reverse("cockpit:overview")
    context: dict[str, object] = {"line": line, "part": part, "here": back}
    return show(request, "cockpit/one.html", part, context, status=status)
