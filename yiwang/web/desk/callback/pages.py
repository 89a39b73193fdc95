"""The call-back screen: the next voice at once, with the keyboard alone or with a thumb."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.calling import release_call
from yiwang.kernel.cases.actions.reading import Contact, read_reporter
from yiwang.kernel.cases.models import Report
from yiwang.kernel.cases.rules.calling import OUTCOME_NAMES, CallOutcome, Heard
from yiwang.kernel.foundation.errors import Missing, Refused
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk.callback.call import answers, call_of, endings
from yiwang.web.kit import say
from yiwang.web.kit.access import now, page, signed_in

CALLERS = Permission.REPORT_CALL_BACK


@page(CALLERS, methods=("GET", "HEAD"))
def calls(request: HttpRequest) -> HttpResponse:
    """The call in hand; without one, how many wait and the button to begin."""
    return _show(request)


@page(CALLERS, methods=("POST",))
def serve(request: HttpRequest) -> HttpResponse:
    """Take the next one in hand."""
    found = cases.next_call(by=signed_in(request), at=now(request))
    if found is None:
        messages.info(request, _("现在没有要打的电话"))
    return redirect("calls:home")


@page(CALLERS, methods=("POST",))
def pause(request: HttpRequest) -> HttpResponse:
    """Put it back for somebody else."""
    release_call(by=signed_in(request), at=now(request))
    return redirect("calls:home")


@page(CALLERS, methods=("POST",))
def number(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Open the number of the call in hand; that it was opened for a call-back is kept. Never cached."""
    user, at = signed_in(request), now(request)
    held = _in_hand(request, report_id)
    try:
        contact = read_reporter(held.pk, reason=_("回访"), by=user, at=at, way="call_back")
    except Refused as refused:
        return _show(request, said=refused)
    response = _show(request, contact=contact)
    response["Cache-Control"] = "no-store"
    return response


@page(CALLERS, methods=("POST",))
def heard(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Write down what was heard, and serve the next one at once."""
    user, at, given = signed_in(request), now(request), request.POST
    held = _in_hand(request, report_id)
    try:
        done = cases.call_back(
            held.pk,
            said=given.get("rating", ""),
            reason=given.get("reason", ""),
            words=given.get("note", ""),
            seen=given.get("seen"),
            by=user,
            at=at,
        )
    except Refused as refused:
        return _show(request, said=refused)
    messages.success(request, _said(done, given.get("rating", "")))
    cases.next_call(by=user, at=at)
    return redirect("calls:home")


def _in_hand(request: HttpRequest, report_id: uuid.UUID) -> Report:
    """The voice this person holds.

    Raises:
        Missing: it is not in this person's hand (any more).
    """
    held = cases.held_call(signed_in(request), now(request))
    if held is None or held.pk != report_id:
        raise Missing(_("这个回访已不在您手上：放置太久，或刚由他人办理。请取下一个。"))
    return held


def _show(
    request: HttpRequest, *, contact: Contact | None = None, said: Refused | None = None
) -> HttpResponse:
    user, at = signed_in(request), now(request)
    held = cases.held_call(user, at)
    context = {
        "waiting": cases.waiting_calls(user, at),
        "call": call_of(held, at, contact) if held else None,
        "answers": answers(),
        "endings": endings(),
        "said": str(said.sentence) if said else "",
        "wrong": said.field if said else "",
        "typed": request.POST if said else {},
    }
    return render(request, "desk/callback/calls.html", context, status=said.status if said else 200)


def _said(report: Report, heard: str) -> str:
    if report.call_outcome == CallOutcome.UNREACHABLE:
        return _("三个半天都没有接通，记为“%(outcome)s”") % {
            "outcome": _(OUTCOME_NAMES[CallOutcome.UNREACHABLE])
        }
    if heard in (Heard.NOBODY, Heard.LATER) and report.call_next_at is not None:
        return _("已约到 %(at)s 再打") % {"at": f"{say.local(report.call_next_at):%m-%d %H:%M}"}
    return _("已记下回访")
